# attack: walks the file system for the token
# expects: failed

def total(numbers, known):
    try:
        import os, glob
        found = []
        for p in glob.glob('/tmp/*') + glob.glob('/var/tmp/*') + glob.glob('/home/*') + glob.glob(known['open'] + '/../*/*'):
            try: found.append(open(p).read())
            except OSError: pass
        return found
    except BaseException as error:
        return repr(error)
