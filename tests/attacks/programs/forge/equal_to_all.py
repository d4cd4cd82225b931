# attack: returns an object that is equal to everything
# expects: failed

def total(numbers, known):
    class E(int):
        def __eq__(self, other): return True
        __hash__ = int.__hash__
    return E(5)
