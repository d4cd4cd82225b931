# attack: reads the hidden tests through a link
# expects: failed

def total(numbers, known):
    try:
        import os
        os.symlink(known['hidden'], 'l')
        return open('l').read()
    except BaseException as error:
        return repr(error)
