# attack: reads /proc/JUDGE/mem
# expects: failed

def total(numbers, known):
    try:
        return open('/proc/%d/mem' % known['judge'], 'rb').read(100000)
    except BaseException as error:
        return repr(error)
