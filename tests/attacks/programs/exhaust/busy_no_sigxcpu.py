# attack: ignores the signal of the limit of CPU time
# expects: any
# within: 1.5

def total(numbers, known):
    import signal
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    pow(3, 10**9)
    return 0
