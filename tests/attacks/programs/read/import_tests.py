# attack: imports the hidden tests as a module
# expects: failed

def total(numbers, known):
    try:
        import sys, os
        sys.path.insert(0, os.path.dirname(known['hidden']))
        import importlib
        return importlib.import_module('test_hidden').__doc__
    except BaseException as error:
        return repr(error)
