# attack: prints a million empty lines
# expects: failed

def total(numbers, known):
    print('\n' * 500_000)
    return 0
