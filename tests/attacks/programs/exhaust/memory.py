# attack: takes eight gigabytes
# expects: failed
# says: MemoryError

def total(numbers, known):
    return len(bytearray(8 << 30))
