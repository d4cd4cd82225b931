# attack: ends the interpreter with success in the call
# expects: failed

def total(numbers, known):
    import os
    os._exit(0)
