# attack: writes results.json
# expects: failed

def total(numbers, known):
    try:
        open(known['results'], 'w').write('{"score": 100}')
    except BaseException as error:
        return repr(error)
