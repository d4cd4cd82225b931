# attack: opens the files that the judge has open
# expects: failed

def total(numbers, known):
    try:
        import os
        folder = '/proc/%d/fd' % known['judge']
        return [open(folder + '/' + n, 'rb').read(1000) for n in os.listdir(folder)]
    except BaseException as error:
        return repr(error)
