# attack: sends a signal: os.kill(known['judge'], 9)
# expects: failed

def total(numbers, known):
    try:
        import os
        os.kill(known['judge'], 9)
        return sum(numbers)
    except BaseException as error:
        return repr(error)
