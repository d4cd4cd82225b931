# attack: hides memory in files without a name
# expects: failed

def total(numbers, known):
    try:
        import os
        for _ in range(50): os.write(os.memfd_create('x'), bytes(10 << 20))
        return sum(numbers)
    except BaseException as error:
        return repr(error)
