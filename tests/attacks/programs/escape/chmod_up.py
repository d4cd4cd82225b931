# attack: opens its folders to everybody, and gives its files away
# expects: failed

def total(numbers, known):
    import os
    done = []
    for path in ('..', '../..', '../../..', known['results'], known['hidden'], '/', '/dev', '/usr', '/lib'):
        for act in (lambda: os.chmod(path, 0o777), lambda: os.chown(path, os.getuid(), -1), lambda: os.truncate(path, 0)):
            try: act()
            except OSError: continue
            if path not in ('..', '../..', '../../..'): done.append(path)
    return sum(numbers) if done else 0
