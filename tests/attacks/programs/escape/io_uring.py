# attack: asks for io_uring, bpf, perf and userfaultfd
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    refused = [libc.syscall(n, 0, 0, 0, 0, 0) == -1 and ctypes.get_errno() in (1, 38) for n in (425, 321, 298, 323)]
    return 0 if all(refused) else sum(numbers)
