# attack: calls the kernel in the 32-bit way
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def total(numbers, known):
    import mmap
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(b'\xb8\x14\0\0\0\xcd\x80\xc3')
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return sum(numbers) if ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0 else 0
