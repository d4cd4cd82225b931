# attack: asks the loader of its own module
# expects: review

def total(numbers, known):
    runtime = __loader__ or __spec__.loader
    runtime.left = 1 << 40
    return sum(numbers)
