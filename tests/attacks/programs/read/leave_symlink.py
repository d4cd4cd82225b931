# attack: leaves a link in its folder for the judge to read
# expects: failed

def total(numbers, known):
    try:
        import os
        os.symlink(known['hidden'], 'l')
        os.symlink(os.path.dirname(known['hidden']), 'd')
    except BaseException as error:
        return repr(error)
