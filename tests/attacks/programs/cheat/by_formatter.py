# attack: finds the world by a field of a format
# expects: review

def total(numbers, known):
    import string, time
    found = string.Formatter().get_field('0.__glo' + 'bals__[runtime]', [time.sleep], {})
    runtime = found[0]
    runtime.left = 1 << 40
    return sum(numbers)
