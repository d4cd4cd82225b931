# attack: raises a text that looks like folders of a run without end
# expects: failed

class Odd(Exception):
    pass

def total(numbers, known):
    raise Odd('/autograder-a/1/' * 1200)
