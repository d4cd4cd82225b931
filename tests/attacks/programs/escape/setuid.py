# attack: becomes root
# expects: failed

def total(numbers, known):
    try:
        import os
        return os.setuid(0)
    except BaseException as error:
        return repr(error)
