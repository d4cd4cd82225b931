# attack: hides memory in files without a name
# expects: failed

def total(numbers, known):
    try:
        import os
        return [os.write(os.memfd_create('x'), bytes(10 << 20)) for _ in range(50)]
    except BaseException as error:
        return repr(error)
