"""What a process of a setting may do, as the kernel has it: ``python -m tests.attacks.emulation FOLDER`` prints the
capabilities, the state of seccomp, and by name what each of some calls was answered."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
from pathlib import Path

CALLS = {
    # What Docker's profile refuses…
    "unshare": (272, 0x10000000),
    "mount": (165, 0, 0, 0, 0, 0),
    "setns": (308, 0, 0),
    "keyctl": (250, 0, 0, 0),
    "userfaultfd": (323, 0),
    "io_uring_setup": (425, 0, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, 0, 0, 0),
    "open_by_handle_at": (304, 0, 0, 0),
    "kcmp": (312, 1, 1, 0, 0, 0),
    "swapon": (167, 0, 0),
    "personality": (135, 0x40000),
    "clone": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "a call that nobody knows": (900,),
    # …and what it allows, so that our own filter has to.
    "ptrace": (101, 16, 1 << 22, 0, 0),
    "process_vm_readv": (310, 1 << 22, 0, 0, 0, 0, 0),
    "memfd_create": (319, b"x", 0),
    "shmget": (29, 0, 4096, 0o600),
    "mq_open": (240, b"/x/", 0, 0, 0),
}


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/self/status").open() as file:
        status = dict(line.split(":", 1) for line in file)
    answers = {}
    for name, (number, *arguments) in CALLS.items():
        done = libc.syscall(number, *arguments)
        answers[name] = "" if done >= 0 else errno.errorcode[ctypes.get_errno()]
        if name == "shmget" and done >= 0:
            libc.syscall(31, done, 0, 0)  # shmctl, IPC_RMID
    try:
        socket.socket(40, socket.SOCK_STREAM).close()
    except OSError as error:
        answers["vsock"] = errno.errorcode[error.errno or 0]
    print(json.dumps({"capabilities": status["CapEff"].strip(), "seccomp": status["Seccomp"].strip()} | answers))


if __name__ == "__main__" and os.name == "posix":
    main()
