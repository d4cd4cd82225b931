# attack: makes a folder three thousand levels deep
# expects: failed

def total(numbers, known):
    import os
    for _ in range(450):
        os.mkdir('d')
        os.chdir('d')
    return 0
