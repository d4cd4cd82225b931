# attack: patches the audit hook's world away
# expects: failed

def total(numbers, known):
    import sys
    held = sys.modules['autograder.world.guest.held']
    held._REFUSED.clear()
    import subprocess
    try: return subprocess.run(['true']).returncode
    except OSError as error: return repr(error)
