# attack: looks through all objects of the interpreter
# expects: failed

def total(numbers, known):
    try:
        import gc
        found = [o for o in gc.get_objects() if isinstance(o, dict) and 'test_total' in o]
        return sum(numbers) if found else 0
    except BaseException as error:
        return repr(error)
