# attack: reaches the world through the garbage collector
# expects: review

def total(numbers, known):
    import gc
    len(gc.get_objects())
    return sum(numbers)
