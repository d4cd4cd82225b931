# attack: replaces sleep and the clocks
# expects: failed

def total(numbers, known):
    import time
    time.sleep = time.perf_counter = time.time = lambda *a: 0
    return 0
