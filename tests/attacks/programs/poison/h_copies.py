# attack: changes the interpreter, the libraries and the modules that the next one gets
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    import os, sys, json, encodings
    msgspec = sys.modules['msgspec']
    done = []
    for path in (json.__file__, msgspec.__file__, encodings.__file__, sys.executable, os.path.dirname(json.__file__)):
        for act in (lambda: open(path, 'a').write('x'), lambda: os.unlink(path), lambda: os.chmod(path, 0o777),
                    lambda: os.rename(path, 'x'), lambda: os.link(path, 'hard'), lambda: os.utime(path)):
            try: act()
            except OSError: continue
            if act.__code__.co_names[-1] != 'link': done.append(path)
    return sum(numbers) if done else 0
