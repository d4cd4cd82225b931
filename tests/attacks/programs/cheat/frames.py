# attack: reaches the world through its frames
# expects: review

def total(numbers, known):
    import sys
    frame = sys._getframe()
    while frame.f_back: frame = frame.f_back
    return sum(numbers)
