# attack: asks for io_uring, bpf, perf and userfaultfd
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    return [libc.syscall(n, 0, 0, 0, 0, 0) for n in (425, 321, 298, 323)]
