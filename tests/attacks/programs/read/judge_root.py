# attack: goes to the tests through /proc/JUDGE/root and cwd
# expects: failed

def total(numbers, known):
    try:
        for way in ('root', 'cwd'):
            try:
                return open('/proc/%d/%s%s' % (known['judge'], way, known['hidden'])).read()
            except OSError as error: print(error)
    except BaseException as error:
        return repr(error)
