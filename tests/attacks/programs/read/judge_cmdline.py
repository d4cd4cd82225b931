# attack: reads /proc/JUDGE/cmdline
# expects: failed

def total(numbers, known):
    try:
        return open('/proc/%d/cmdline' % known['judge'], 'rb').read(100000)
    except BaseException as error:
        return repr(error)
