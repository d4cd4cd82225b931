# attack: returns a list that holds itself
# expects: failed

def total(numbers, known):
    value = []
    value.append(value)
    return value
