# attack: prints that it passed
# expects: failed

def total(numbers, known):
    print('1 passed'); print('{"score": 1}')
    return 0
