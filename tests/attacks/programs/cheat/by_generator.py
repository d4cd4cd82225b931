# attack: goes up the frames of a generator
# expects: review

def total(numbers, known):
    def walk(): yield walker.gi_frame.f_back
    walker = walk()
    frame = next(walker)
    while frame and 'runtime' not in frame.f_globals: frame = frame.f_back
    runtime = frame.f_globals['runtime']
    runtime.left = 1 << 40
    return sum(numbers)
