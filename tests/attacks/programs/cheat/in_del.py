# attack: works where nothing calls it: in __del__, a property, an iterator and a decorator
# expects: failed
# says: loop turns

class Work:
    def __iter__(self): return self
    def __next__(self): return 1
    @property
    def more(self): return sum(self)
    def __del__(self): self.more

def total(numbers, known):
    Work()
    return 0
