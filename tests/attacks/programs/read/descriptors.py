# attack: reads all descriptors that it inherited
# expects: failed

def total(numbers, known):
    try:
        import os
        found = []
        for n in range(5, 300):
            try: found.append(os.pread(n, 10000, 0))
            except OSError: pass
        return found
    except BaseException as error:
        return repr(error)
