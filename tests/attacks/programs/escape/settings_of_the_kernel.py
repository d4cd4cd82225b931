# attack: writes to the kernel's settings
# expects: failed

def total(numbers, known):
    for path, word in (('/proc/self/oom_score_adj', '-1000'), ('/proc/sys/kernel/core_pattern', '|/tmp/x'),
                       ('/proc/self/setgroups', 'deny'), ('/proc/self/uid_map', '0 0 1'), ('/sys/kernel/uevent_helper', 'x'),
                       ('/proc/self/mem', 'x'), ('/sys/fs/cgroup/cgroup.procs', '0')):
        try:
            open(path, 'w').write(word)
            return sum(numbers)
        except OSError: pass
    return 0
