# attack: returns and prints text that is no UTF-8
# expects: failed

def total(numbers, known):
    print('\udcff\x1b[2J\0' * 100)
    return '\udcff'
