# attack: puts compiled modules into the interpreter's cache
# expects: failed

def total(numbers, known):
    try:
        import json, os
        folder = os.path.dirname(json.__file__) + '/__pycache__'
        open(folder + '/attack.pyc', 'wb').close()
        return sum(numbers)
    except BaseException as error:
        return repr(error)
