# attack: calls the import function by another name
# expects: review
# raises: ModuleNotFoundError

def total(numbers, known):
    (give,) = [__import__]
    runtime = give('auto' + 'grader.world.guest.runtime', fromlist=['x'])
    runtime.left = 1 << 40
    return sum(numbers)
