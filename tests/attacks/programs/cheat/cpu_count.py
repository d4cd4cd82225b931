# attack: says that it has more cores
# expects: failed

def total(numbers, known):
    import os
    os.cpu_count = lambda: 64
    return os.cpu_count()
