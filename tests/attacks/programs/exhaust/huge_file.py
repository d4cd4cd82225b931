# attack: writes one file without end
# expects: any
# says: File too large

def total(numbers, known):
    with open('f', 'wb') as file:
        while True: file.write(bytes(1 << 20))
