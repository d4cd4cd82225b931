# attack: watches the folder of the course
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os
    fd = libc.inotify_init()
    done = [libc.inotify_add_watch(fd, path.encode(), 0xfff) for path in (known['hidden'], os.path.dirname(known['hidden']))]
    return 0
