# attack: leaves pipes and sockets for the judge to open
# expects: failed

def total(numbers, known):
    try:
        import os
        os.mkfifo('fifo')
        os.mkfifo('../scratch/fifo')
    except BaseException as error:
        return repr(error)
