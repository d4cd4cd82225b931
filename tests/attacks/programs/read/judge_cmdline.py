# attack: reads /proc/JUDGE/cmdline
# expects: failed

def total(numbers, known):
    try:
        print(open('/proc/%d/cmdline' % known['judge'], 'rb').read(100000))
        return sum(numbers)
    except BaseException as error:
        return repr(error)
