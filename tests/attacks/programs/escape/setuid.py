# attack: becomes root
# expects: failed

def total(numbers, known):
    try:
        import os
        os.setuid(0)
        return sum(numbers)
    except BaseException as error:
        return repr(error)
