# attack: puts compiled modules into the interpreter's cache
# expects: failed

def total(numbers, known):
    try:
        import json, os
        folder = os.path.dirname(json.__file__) + '/__pycache__'
        name = os.listdir(folder)[0]
        open(folder + '/' + name, 'wb').write(b'')
    except BaseException as error:
        return repr(error)
