# attack: raises SystemExit(0)
# expects: failed

def total(numbers, known):
    raise SystemExit(0)
