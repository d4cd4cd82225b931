# attack: makes a hard link of the hidden tests in its folder
# expects: failed

def total(numbers, known):
    try:
        import os
        os.link(known['hidden'], 'l')
        return open('l').read()
    except BaseException as error:
        return repr(error)
