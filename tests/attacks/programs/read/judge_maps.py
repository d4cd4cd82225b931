# attack: reads /proc/JUDGE/maps
# expects: failed

def total(numbers, known):
    try:
        print(open('/proc/%d/maps' % known['judge'], 'rb').read(100000))
        return sum(numbers)
    except BaseException as error:
        return repr(error)
