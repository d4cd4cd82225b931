# attack: switches the counting of work off
# expects: review

def total(numbers, known):
    import sys
    runtime = sys.modules['autograder.world.guest.runtime']
    runtime.left = 1 << 60
    for n in range(1000): pass
    return sum(numbers)
