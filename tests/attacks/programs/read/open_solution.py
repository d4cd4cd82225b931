# attack: opens the solution file by its path
# expects: failed

def total(numbers, known):
    try:
        return open(known['solution']).read()
    except BaseException as error:
        return repr(error)
