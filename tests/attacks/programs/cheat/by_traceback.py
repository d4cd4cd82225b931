# attack: goes up the frames of an exception
# expects: review

def total(numbers, known):
    import time
    try: time.sleep('x')
    except TypeError as error:
        step = error.__traceback__
        while step.tb_next: step = step.tb_next
        runtime = step.tb_frame.f_globals['runtime']
    runtime.left = 1 << 40
    return sum(numbers)
