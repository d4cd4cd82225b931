# attack: lists the folder of the assignment
# expects: failed

def total(numbers, known):
    try:
        import os
        folder = os.path.dirname(known['hidden'])
        return [open(os.path.join(folder, n)).read() for n in os.listdir(folder)]
    except BaseException as error:
        return repr(error)
