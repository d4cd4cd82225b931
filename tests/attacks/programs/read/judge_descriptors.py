# attack: opens the files that the judge has open
# expects: failed

def total(numbers, known):
    try:
        import os
        folder = '/proc/%d/fd' % known['judge']
        for n in os.listdir(folder):
            try: print(open(folder + '/' + n, 'rb').read(1000))
            except OSError: pass
        return sum(numbers)
    except BaseException as error:
        return repr(error)
