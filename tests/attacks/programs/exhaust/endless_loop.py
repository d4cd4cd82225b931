# attack: loops without end
# expects: failed
# says: loop turns

def total(numbers, known):
    while True: pass
