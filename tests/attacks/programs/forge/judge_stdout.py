# attack: writes to the judge's standard output
# expects: failed

def total(numbers, known):
    try:
        open('/proc/%d/fd/1' % known['judge'], 'w').write('passed')
    except BaseException as error:
        return repr(error)
