# attack: lowers the judge's priority, and holds it to one core
# expects: failed

def total(numbers, known):
    try:
        import os
        os.setpriority(os.PRIO_PROCESS, known['judge'], 19)
        os.sched_setscheduler(known['judge'], 0, os.sched_param(0))
    except BaseException as error:
        return repr(error)
