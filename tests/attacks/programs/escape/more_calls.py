# attack: tries calls that few programs need
# expects: failed

import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def total(numbers, known):
    # seccomp's own listener, memfd_secret, process_madvise, kcmp, quotactl, acct, syslog, perf, fsopen, open_tree, iopl
    calls = [(317, 1, 8, 0), (447, 0), (440, 0, 0, 0, 0, 0), (312, 1, 1, 0, 0, 0), (179, 0, 0, 0, 0), (163, 0),
             (103, 2, 0, 0), (298, 0, 0, -1, -1, 0), (430, b'tmpfs', 0), (428, -100, b'/', 1), (172, 3), (180, 0, 0, 0)]
    done = [libc.syscall(*call) for call in calls]
    return sum(numbers) if max(done) >= 0 else done
