"""Become what a setting says, and run a command: ``python confine.py docker|user -- COMMAND…``.

- docker: root with the capabilities and (the part that matters here of) the seccomp profile that Docker gives a
  container by default (https://docs.docker.com/engine/security/seccomp/)
- user: an ordinary user without any
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys

NOBODY = 65534
CAPABILITIES = 0xA80425FB
"""CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
AUDIT_WRITE, SETFCAP: those of a container, as its /proc/self/status shows them."""
NEEDS_SYS_ADMIN = [
    "mount",
    "umount2",
    "pivot_root",
    "unshare",
    "setns",
    "fsopen",
    "fsmount",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "quotactl",
    "bpf",
    "perf_event_open",
    "sethostname",
    "setdomainname",
    "swapon",
    "swapoff",
    "keyctl",
    "add_key",
    "request_key",
    "userfaultfd",
    "open_by_handle_at",
    "kexec_load",
    "init_module",
    "delete_module",
    "reboot",
    "settimeofday",
    "clock_settime",
    "acct",
    "iopl",
    "ioperm",
    "move_pages",
    "mbind",
    "set_mempolicy",
    "io_uring_setup",
]


def docker() -> None:
    import pyseccomp

    libc = ctypes.CDLL(None, use_errno=True)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.set_attr(pyseccomp.Attr.CTL_NNP, 0)
    for name in NEEDS_SYS_ADMIN:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    rules.load()
    drop = 24  # PR_CAPBSET_DROP, capabilities(7): what is not in the bounding set is gone after exec
    for bit in range(64):
        if not CAPABILITIES >> bit & 1:
            libc.prctl(drop, bit, 0, 0, 0)


def user() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


if __name__ == "__main__":
    {"docker": docker, "user": user, "root": lambda: None}[sys.argv[1]]()
    os.execvp(sys.argv[3], sys.argv[3:])
