# attack: opens descriptors without end
# expects: failed
# says: Too many open files

def total(numbers, known):
    import os
    kept = []
    while True: kept.append(os.pipe())
