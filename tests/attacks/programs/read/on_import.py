# attack: reads the hidden tests when it is imported, by guessing
# expects: failed

import glob
FOUND = []
for path in glob.glob("/tmp/*/*/test_hidden.py") + glob.glob("../../../*/assignment/*.py"):
    try:
        FOUND.append(open(path).read())
    except OSError:
        pass
def total(numbers, known):
    return FOUND
