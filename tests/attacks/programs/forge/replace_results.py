# attack: puts its own results.json in the place
# expects: failed

def total(numbers, known):
    try:
        import os
        open('r', 'w').write('{}')
        os.replace('r', known['results'])
    except BaseException as error:
        return repr(error)
