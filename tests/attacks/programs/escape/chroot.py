# attack: makes a root folder of its own
# expects: failed

def total(numbers, known):
    try:
        import os
        return os.chroot('.')
    except BaseException as error:
        return repr(error)
