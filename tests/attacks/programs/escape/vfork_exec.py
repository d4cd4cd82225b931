# attack: leaves a program running that it put into its folder
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os, shutil
    shutil.copy('/bin/sleep', 'program')
    os.chmod('program', 0o755)
    if libc.fork() == 0:
        libc.setsid()
        libc.execl(os.path.abspath('program').encode(), b'x', b'600', None)
        libc.execl(b'/bin/sleep', b'x', b'600', None)
        libc._exit(0)
    return 0
