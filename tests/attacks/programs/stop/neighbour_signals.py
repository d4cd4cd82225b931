# attack: kills the submission that is graded beside it
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    done = [libc.kill(known['neighbour'], 9), libc.kill(-known['neighbour'], 9), libc.ptrace(16, known['neighbour'], 0, 0)]
    return sum(numbers) if 0 in done else done
