# attack: reaches the world through a function's globals
# expects: review

def total(numbers, known):
    import time
    world = getattr(time.sleep, '__glob' + 'als__', {})
    return sum(numbers)
