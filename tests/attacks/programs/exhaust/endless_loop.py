# attack: loops without end
# expects: failed

def total(numbers, known):
    while True: pass
