# attack: sends a signal: os.kill(os.getppid(), 9)
# expects: failed

def total(numbers, known):
    try:
        import os
        os.kill(os.getppid(), 9)
    except BaseException as error:
        return repr(error)
