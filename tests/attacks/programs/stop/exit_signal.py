# attack: makes a child whose end is told to the launcher by a signal that kills
# expects: inconclusive
# says: was killed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    for flags in (0x8000 | 9, 9, 19):
        child = libc.syscall(56, flags, 0, 0, 0, 0)
        if child == 0: libc.syscall(231, 0)
        libc.waitpid(child, None, 0x40000000)  # __WALL: until it has ended, and said so
    return 0
