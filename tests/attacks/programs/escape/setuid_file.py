# attack: leaves a setuid program
# expects: failed

def total(numbers, known):
    import os, shutil
    for folder in ('.', '/dev/shm', known['open']):
        try:
            shutil.copy('/bin/true', folder + '/attack-setuid')
            os.chmod(folder + '/attack-setuid', 0o6777)
        except OSError: pass
    return 0
