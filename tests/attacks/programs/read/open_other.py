# attack: opens the other file by its path
# expects: failed

def total(numbers, known):
    try:
        return open(known['other']).read()
    except BaseException as error:
        return repr(error)
