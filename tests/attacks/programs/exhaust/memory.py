# attack: takes eight gigabytes
# expects: failed

def total(numbers, known):
    return len(bytearray(8 << 30))
