# attack: returns numbers of more digits than Python prints
# expects: failed

def total(numbers, known):
    return [10 ** 5000, {10 ** 5000: -(10 ** 6000)}]
