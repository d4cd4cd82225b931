# attack: reads /proc/JUDGE/mem
# expects: failed

def total(numbers, known):
    try:
        open('/proc/%d/mem' % known['judge'], 'rb').close()
        return sum(numbers)
    except BaseException as error:
        return repr(error)
