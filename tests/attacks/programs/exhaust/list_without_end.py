# attack: grows a list without end
# expects: failed

def total(numbers, known):
    x = []
    while True: x.append(bytes(1 << 20))
