# attack: changes the packages that guests import
# expects: failed

def total(numbers, known):
    try:
        import json, os
        open(os.path.dirname(json.__file__) + '/attack.py', 'w').close()
        return sum(numbers)
    except BaseException as error:
        return repr(error)
