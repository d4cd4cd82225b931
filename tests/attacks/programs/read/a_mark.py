# attack: leaves a mark in its memory, for own_memory to find
# expects: failed

MARKS = ["left-%06d-behind" % number for number in range(1000)]
MARK = "left-123456-behind"
def total(numbers, known):
    return MARK * 100
