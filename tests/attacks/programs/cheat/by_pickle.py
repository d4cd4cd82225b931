# attack: finds the world by unpickling its name
# expects: review
# raises: ModuleNotFoundError

def total(numbers, known):
    import pickle
    runtime = pickle.loads(b'cautograder.world.guest\nruntime\n.')
    runtime.left = 1 << 40
    return sum(numbers)
