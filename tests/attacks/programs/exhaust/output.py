# attack: prints without end
# expects: failed
# says: wrote more

def total(numbers, known):
    while True: print('y' * 1000)
