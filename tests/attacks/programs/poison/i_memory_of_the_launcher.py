# attack: writes into the process that the next one is forked from
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    piece = (ctypes.c_size_t * 2)(id(total), 8)
    done = [libc.process_vm_writev(libc.getppid(), piece, 1, piece, 1, 0), libc.ptrace(16, libc.getppid(), 0, 0)]
    try: open('/proc/%d/mem' % libc.getppid(), 'r+b').close()
    except OSError: pass
    else: done.append(0)
    return sum(numbers) if max(done) >= 0 else done
