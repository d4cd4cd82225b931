# attack: sends signals by descriptors of processes and to threads
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    done = []
    for pid in (known['judge'], known['launcher'], known['neighbour'], libc.getppid()):
        fd = libc.syscall(434, pid, 0)
        done.append(libc.syscall(424, fd, 9, 0, 0))
        done.append(libc.syscall(234, pid, pid, 9))
        done.append(libc.syscall(129, pid, 9, bytes(128)))
        done.append(libc.kill(-pid, 9))
    return sum(numbers) if 0 in done else done
