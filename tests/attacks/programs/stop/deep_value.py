# attack: returns a list of a hundred thousand levels
# expects: failed

def total(numbers, known):
    value = []
    for _ in range(100000): value = [value]
    return value
