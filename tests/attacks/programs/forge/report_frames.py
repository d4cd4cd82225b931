# attack: looks for the expected value in the frames above it
# expects: failed

def total(numbers, known):
    import sys
    frame, found = sys._getframe(), []
    while frame:
        found += [v for v in frame.f_locals.values() if type(v) is int and v > 1000]
        frame = frame.f_back
    return sum(numbers) if sum(numbers) in found else found
