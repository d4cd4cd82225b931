# attack: sends a signal: os.killpg(0, 9)
# expects: inconclusive
# says: was killed

def total(numbers, known):
    try:
        import os
        os.killpg(0, 9)
    except BaseException as error:
        return repr(error)
