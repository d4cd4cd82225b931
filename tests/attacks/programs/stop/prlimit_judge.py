# attack: takes the judge's memory away by a limit
# expects: failed

def total(numbers, known):
    try:
        import resource
        return resource.prlimit(known['judge'], resource.RLIMIT_AS, (0, 0))
    except BaseException as error:
        return repr(error)
