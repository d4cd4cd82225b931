# attack: reads /proc/JUDGE/environ
# expects: failed

def total(numbers, known):
    try:
        return open('/proc/%d/environ' % known['judge'], 'rb').read(100000)
    except BaseException as error:
        return repr(error)
