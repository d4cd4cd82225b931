# attack: searches its own memory for what earlier submissions left
# expects: failed

def total(numbers, known):
    try:
        import re
        found = b''
        for line in open('/proc/self/maps'):
            if 'heap' in line: found += line.encode()
        return found
    except BaseException as error:
        return repr(error)
