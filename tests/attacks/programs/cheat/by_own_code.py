# attack: gives a function code that counts nothing
# expects: review

def total(numbers, known):
    def loop():
        for _ in range(10): pass
    names = tuple(n for n in loop.__code__.co_names)
    loop.__code__ = loop.__code__.replace(co_names=tuple('id' if '(' in n else n for n in names))
    import time as runtime
    runtime.left = 1 << 40
    return sum(numbers)
