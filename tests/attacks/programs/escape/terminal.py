# attack: opens terminals and types into them
# expects: failed

def total(numbers, known):
    import fcntl, glob, os
    done = []
    for path in ['/dev/tty', '/dev/ptmx', '/dev/console', '/dev/tty0', *glob.glob('/dev/pts/*')]:
        try: done.append(os.open(path, os.O_RDWR))
        except OSError: pass
    for fd in (0, 1, 2, *done):
        try:
            fcntl.ioctl(fd, 0x5412, b'x')
            return sum(numbers)
        except OSError: pass
    return sum(numbers) if done else 0
