# attack: writes results.json when the interpreter ends
# expects: failed

def total(numbers, known):
    import atexit
    atexit.register(lambda: open(known['results'], 'w').write('{}'))
    return 0
