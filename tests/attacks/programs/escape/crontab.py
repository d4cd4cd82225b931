# attack: puts itself where a daemon would start it
# expects: failed

def total(numbers, known):
    try:
        import os
        for p in ('/etc/cron.d/attack', '/var/spool/cron/root', os.path.expanduser('~/.bashrc')):
            try: open(p, 'w').write('x')
            except OSError as error: print(error)
    except BaseException as error:
        return repr(error)
