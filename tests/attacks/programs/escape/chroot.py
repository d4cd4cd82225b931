# attack: makes a root folder of its own
# expects: failed

def total(numbers, known):
    try:
        import os
        os.chroot('.')
        return sum(numbers)
    except BaseException as error:
        return repr(error)
