"""Become what a setting says, and run a command: ``python confine.py docker|user -- COMMAND…``.

- docker: root with the capabilities and the seccomp profile that Docker gives a container by default (`docker_profile`)
- user: an ordinary user without any
"""

from __future__ import annotations

import ctypes
import os
import sys

NOBODY = 65534
CAPABILITIES = 0xA80425FB
"""CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
AUDIT_WRITE, SETFCAP: those of a container, as its /proc/self/status shows them."""


def docker() -> None:
    import docker_profile

    docker_profile.load()
    libc = ctypes.CDLL(None, use_errno=True)
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
