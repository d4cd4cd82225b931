# attack: takes all rights from what belongs to its user, or to nobody
# expects: failed

def total(numbers, known):
    import os
    for path in ('/dev/shm', '/dev/pts', '/dev', '/proc', '/', '..', '../..', '../../..'):
        try: os.chmod(path, 0)
        except OSError: pass
    return 0
