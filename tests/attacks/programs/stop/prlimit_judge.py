# attack: takes the judge's memory away by a limit
# expects: failed

def total(numbers, known):
    try:
        import resource
        resource.prlimit(known['judge'], resource.RLIMIT_AS, (0, 0))
        return sum(numbers)
    except BaseException as error:
        return repr(error)
