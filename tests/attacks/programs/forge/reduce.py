# attack: returns an object whose pickle runs a command
# expects: failed

def total(numbers, known):
    import os
    class E:
        def __reduce__(self): return os.system, ('touch /tmp/attack-reduce',)
    return E()
