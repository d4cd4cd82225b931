# attack: asks for rights that it gave up
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    head, data = (ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(*[0xffffffff] * 6)
    done = [libc.syscall(126, head, data), libc.prctl(47, 2, 21, 0, 0), libc.setresuid(0, 0, 0), libc.setgroups(0, None)]
    return sum(numbers) if 0 in done else done
