# attack: returns an object whose repr, type and attributes raise
# expects: failed

class Odd:
    def __repr__(self): raise SystemExit(0)
    def __getattr__(self, name): raise KeyboardInterrupt

Odd.__qualname__ = 'x' * 100_000
Odd.__module__ = None

def total(numbers, known):
    return [Odd()]
