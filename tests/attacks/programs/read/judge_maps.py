# attack: reads /proc/JUDGE/maps
# expects: failed

def total(numbers, known):
    try:
        return open('/proc/%d/maps' % known['judge'], 'rb').read(100000)
    except BaseException as error:
        return repr(error)
