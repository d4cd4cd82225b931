# attack: leaves files wherever every user may write
# expects: failed

def total(numbers, known):
    try:
        import os
        for folder in ('/tmp', '/var/tmp', '/dev/shm', known['open']):
            try: open(folder + '/attack-file', 'w').close()
            except OSError: pass
    except BaseException as error:
        return repr(error)
