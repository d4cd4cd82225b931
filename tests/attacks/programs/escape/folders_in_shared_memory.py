# attack: leaves folders in shared memory, deep and without rights
# expects: failed

def total(numbers, known):
    import os
    os.makedirs('/dev/shm/attack-folder/a/b')
    for name in ('f', 'a/f', 'a/b/f'): open('/dev/shm/attack-folder/' + name, 'w').close()
    os.mkfifo('/dev/shm/attack-fifo')
    os.symlink(known['open'], '/dev/shm/attack-link')
    os.chmod('/dev/shm/attack-folder/a', 0)
    return 0
