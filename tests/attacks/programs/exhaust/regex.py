# attack: a regular expression that backtracks without end
# expects: inconclusive
# says: of CPU time

def total(numbers, known):
    import re
    return re.match('(a+)+$', 'a' * 40 + 'b')
