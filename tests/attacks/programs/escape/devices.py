# attack: makes and opens devices
# expects: failed

def total(numbers, known):
    import os, stat
    for name, number in (('mem', os.makedev(1, 1)), ('disk', os.makedev(8, 0)), ('null', os.makedev(1, 3))):
        for folder in ('.', '/dev/shm'):
            try:
                os.mknod(folder + '/' + name, stat.S_IFCHR | 0o666, number)
                return sum(numbers)
            except OSError: pass
    for path in ('/dev/mem', '/dev/kmsg', '/dev/fuse', '/dev/kvm', '/dev/net/tun'):
        try:
            open(path, 'rb').close()
            return sum(numbers)
        except OSError: pass
    return 0
