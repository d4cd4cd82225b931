# attack: reads its own environment
# expects: failed

def total(numbers, known):
    try:
        import os
        return dict(os.environ)
    except BaseException as error:
        return repr(error)
