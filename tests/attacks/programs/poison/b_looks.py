# attack: finds what the one before it left
# expects: failed

import os, sys, builtins, json, glob
FOUND = [hasattr(builtins, "attack"), hasattr(json, "attack"), "attack" in sys.modules, "ATTACK" in os.environ]
def total(numbers, known):
    FOUND.append(glob.glob("/dev/shm/attack-*") + glob.glob("/tmp/attack-*") + glob.glob("../../../**/attack-*"))
    return sum(numbers) if any(FOUND) else 0
