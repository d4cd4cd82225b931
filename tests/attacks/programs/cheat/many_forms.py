# attack: loops without end in the forms that a rewriting of the source may forget
# expects: failed
# says: loop turns

def forever():
    class C:
        while (n := 0) == 0:
            match n:
                case 0: f = lambda: [g for g in (lambda: iter(int, 1))()]
                case _: break
            f'{[x for x in f()]}'
    return C

def total(numbers, known):
    return forever()
