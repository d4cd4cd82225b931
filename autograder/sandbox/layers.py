"""What a guest is put into, applied in the fork before it starts: each layer with what it stops.

- an own session and process group: signals to the group stay in it, and it can be killed as one
- limits of memory, core files, file size, descriptors and CPU time (setrlimit(2))
- standard input from /dev/null, output and errors of C code into a file of the judge's
- every other descriptor closed but the connection to the conductor
- an empty working folder

Who is root is not changed here, and files are not hidden: that takes the layers of a full sandbox.
"""

from __future__ import annotations

import os
import resource
import socket

from autograder.world.wire import Boot

LARGEST_FILE = 64 << 20


def enter(boot: Boot, connection: socket.socket, raw_output: int) -> None:
    """Put this process under the limits of a run. It cannot leave them again."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(raw_output, 1)
    os.dup2(raw_output, 2)
    keep = connection.fileno()
    os.closerange(3, keep)
    os.closerange(keep + 1, 65536)
    for which, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_AS, boot.memory),
        (resource.RLIMIT_NOFILE, 1024 + 2 * boot.processes),
    ):
        _limit(which, amount)
    # SIGXCPU at the limit says why; SIGKILL follows for those who ignore it.
    _limit(resource.RLIMIT_CPU, boot.cpu, boot.cpu + 2)
    os.chdir(boot.folder)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    _, most = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))
