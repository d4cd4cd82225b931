# attack: opens the hidden file by its path
# expects: failed

def total(numbers, known):
    try:
        return open(known['hidden']).read()
    except BaseException as error:
        return repr(error)
