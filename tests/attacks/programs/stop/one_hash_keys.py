# attack: returns a dict whose keys are all of one hash
# expects: failed

class Items(dict):
    def __len__(self): return 0
    def items(self): return ((n * (2**61 - 1), 0) for n in range(60_000))

def total(numbers, known):
    return Items()
