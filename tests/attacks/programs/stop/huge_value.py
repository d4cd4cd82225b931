# attack: returns a hundred megabytes
# expects: failed

def total(numbers, known):
    return 'x' * 100_000_000
