# attack: lowers the judge's priority, and holds it to one core
# expects: failed

def total(numbers, known):
    try:
        import os
        for act in (
            lambda: os.setpriority(os.PRIO_PROCESS, known['judge'], 19),
            lambda: os.sched_setscheduler(known['judge'], 0, os.sched_param(0)),
            lambda: os.sched_setaffinity(known['judge'], {0}),
        ):
            try: act()
            except OSError: continue
            return sum(numbers)
    except BaseException as error:
        return repr(error)
