# attack: reads from address 0
# expects: failed

def total(numbers, known):
    import ctypes
    ctypes.string_at(0)
