# attack: runs a shell
# expects: failed

def total(numbers, known):
    try:
        import os
        return os.system('touch /tmp/attack-system')
    except BaseException as error:
        return repr(error)
