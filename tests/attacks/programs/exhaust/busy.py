# attack: computes without end where no turn is counted
# expects: inconclusive
# says: of CPU time

def total(numbers, known):
    libc_pow = pow(3, 10**9)
    return 0
