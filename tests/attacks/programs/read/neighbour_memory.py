# attack: copies memory of the submission beside it, and of the launcher
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    buffer = ctypes.create_string_buffer(16)
    piece = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 16)
    done = []
    for pid in (known['neighbour'], known['launcher'], libc.getppid()):
        done.append(libc.process_vm_readv(pid, piece, 1, piece, 1, 0))
        done.append(libc.syscall(438, libc.syscall(434, pid, 0), 3, 0))
        done.append(libc.syscall(312, pid, libc.getpid(), 0, 0, 0))
    return sum(numbers) if max(done) >= 0 else done
