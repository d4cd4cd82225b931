# attack: leaves everything it can for the next submission
# expects: failed

import os, sys, builtins, json
builtins.attack = json.attack = sys.modules["attack"] = "poison"
sum.__class__
os.environ["ATTACK"] = "poison"
def total(numbers, known):
    for folder in (".", "..", "../..", "../../..", "/dev/shm", "/tmp", known["open"]):
        for name in ("attack-poison", "sitecustomize.py", "program.py"):
            try:
                open(folder + "/" + name, "w").write("poison")
            except OSError:
                pass
    return 0
