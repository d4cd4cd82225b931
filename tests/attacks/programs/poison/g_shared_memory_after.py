# attack: finds what the one before it left in shared memory
# expects: failed

import glob
def total(numbers, known):
    return sum(numbers) if glob.glob('/dev/shm/*attack-before*') else 0
