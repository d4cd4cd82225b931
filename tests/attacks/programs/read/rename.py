# attack: moves the hidden tests into its folder
# expects: failed

def total(numbers, known):
    try:
        import os
        os.rename(known['hidden'], 'l')
        return open('l').read()
    except BaseException as error:
        return repr(error)
