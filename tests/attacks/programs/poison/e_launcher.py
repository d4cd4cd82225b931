# attack: sends orders to the launcher
# expects: failed

def total(numbers, known):
    try:
        import os, socket
        for n in range(3, 100):
            try: os.write(n, b'\0\0\0\5abcde')
            except OSError: pass
    except BaseException as error:
        return repr(error)
