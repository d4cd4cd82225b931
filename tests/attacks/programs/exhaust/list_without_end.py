# attack: grows a list without end
# expects: failed
# says: MemoryError

def total(numbers, known):
    x = []
    while True: x.append(bytes(1 << 20))
