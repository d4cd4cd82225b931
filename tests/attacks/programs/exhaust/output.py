# attack: prints without end
# expects: any

def total(numbers, known):
    while True: print('y' * 1000)
