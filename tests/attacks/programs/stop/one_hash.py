# attack: returns a set that gives out other items than it holds, all of one hash
# expects: failed

class Items(set):
    def __len__(self): return 0
    def __iter__(self): return (n * (2**61 - 1) for n in range(60_000))

def total(numbers, known):
    return [Items(), Items()]
