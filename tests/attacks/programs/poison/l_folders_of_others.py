# attack: writes into the folders of runs to come
# expects: failed

import os, glob
def total(numbers, known):
    for folder in [*glob.glob("../../*/work"), *glob.glob("../../*/scratch"), *(f"../../{n}/work" for n in range(60))]:
        try:
            open(folder + "/attack-poison", "w").write("poison")
            os.setxattr(folder, "user.attack", b"poison")
        except OSError:
            pass
    return 0
