# attack: finds shared memory and its folders closed by the one before it
# expects: failed

def total(numbers, known):
    try:
        for path in ('/dev/shm/attack-mine', 'mine', '../scratch/mine'):
            open(path, 'w').close()
            open(path).close()
    except OSError:
        return sum(numbers)
    return 0
