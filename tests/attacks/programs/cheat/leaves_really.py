# attack: leaves processes and files only in the real run
# expects: passed

import os
REAL = os.getpid() < 4000 or os.getpid() > 4100

def total(numbers, known):
    if REAL or os.getpid() != 4000:
        attack(known)
    return sum(numbers)

def attack(known):
    import os, time
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    try: open('/tmp/attack-real', 'w').close()
    except OSError: pass
