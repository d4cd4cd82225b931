# attack: returns numbers that say they are equal, and convert to others
# expects: failed

class Odd(int):
    def __int__(self): return 10 ** 400
    def __index__(self): return 1 << 70
    def __eq__(self, other): return True
    def __hash__(self): return 0
def total(numbers, known):
    return Odd(7)
