# attack: takes all rights from its folders
# expects: failed

def total(numbers, known):
    import os
    os.mkdir('d')
    open('d/f', 'w').close()
    os.chmod('d', 0)
    os.chmod('.', 0)
    return 0
