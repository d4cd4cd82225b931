"""seccomp: calls of the kernel that no honest submission makes are refused (seccomp(2)).

A list of what is refused, not of what is allowed: the standard library's calls change from version to version, and a
right program must never meet the filter. On it is what Landlock and the user's rights leave open: memory that no limit
counts (memfd, System V), other families of sockets, looking into processes, namespaces, and the young or rarely used
parts of the kernel in which most of its holes were found. Refused calls give EPERM, as a missing right would.

libseccomp compiles the list, by way of pyseccomp, once for all launchers of a judge; a fork loads the finished program
in a few microseconds. The call by another calling convention (32 bits on x86-64, x32) ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from functools import cache
from typing import Any

from autograder import system
from autograder.sandbox.layers import kernel
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through

REFUSED = {
    "memory that no limit counts": "memfd_create memfd_secret shmget shmat shmctl shmdt semget semop semtimedop semctl"
    " msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp move_pages"
    " migrate_pages sched_setscheduler sched_setparam sched_setattr setpriority ioprio_set",
    "namespaces and mounts": "unshare setns mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount"
    " open_tree mount_setattr",
    "keys": "add_key request_key keyctl",
    "rarely used parts": "io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd"
    " fanotify_init open_by_handle_at name_to_handle_at lookup_dcookie quotactl quotactl_fd acct iopl ioperm"
    " modify_ldt uselib ustat sysfs vhangup vmsplice mbind set_mempolicy set_mempolicy_home_node",
    "the machine": "reboot kexec_load kexec_file_load init_module finit_module delete_module create_module swapon"
    " swapoff syslog sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex nfsservctl",
}
NAMESPACES = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
"""CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of clone(2)."""
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
"""Typing into a terminal for somebody else, ioctl_tty(2)."""


class _Program(ctypes.Structure):
    """struct sock_fprog: how many instructions of 8 bytes, and where."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Seccomp:
    name = "seccomp"
    title = "network, hidden memory, looking into processes, namespaces, rarely used parts of the kernel"
    advice = "needs libseccomp (apt install libseccomp2), and a kernel that has seccomp filters"

    def missing(self) -> str:
        return "" if system.linux() else "not on this system"

    def prepare(self, place: Place) -> str:
        if not place.filter:
            raise OSError("libseccomp is not installed")
        self._code = ctypes.create_string_buffer(place.filter, len(place.filter))
        self._program = _Program(len(place.filter) // 8, ctypes.addressof(self._code))
        return ""

    def enter(self, amounts: Amounts) -> None:
        kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.byref(self._program))

    def probe(self, known: Known) -> str:
        import pyseccomp

        def call(name: str, *arguments: int) -> Attempt:
            number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
            return Attempt(name, lambda: kernel.syscall(number, *arguments))

        def loopback() -> None:
            socket.socket(socket.AF_INET).close()

        # IPC_PRIVATE, one page; a copy of the descriptor is closed with the guest.
        return through(
            Attempt("a socket of the network", loopback),
            Attempt("a socket of the kernel's", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()),
            Attempt("memfd_create", lambda: os.close(os.memfd_create("probe"))),
            call("shmget", 0, 4096, 0o1600),
            call("unshare", 0x10000000),
            call("keyctl", 0, -3, 1),
            call("userfaultfd", 1),
            call("ptrace", 0, 0, 0, 0),
        )


@cache
def compiled() -> bytes:
    """The filter as instructions for the kernel; empty where there is no libseccomp."""
    import tempfile

    try:
        import pyseccomp as library
    except (ImportError, RuntimeError, OSError):
        return b""
    refuse = library.ERRNO(errno.EPERM)
    rules: Any = library.SyscallFilter(library.ALLOW)
    rules.set_attr(library.Attr.ACT_BADARCH, library.KILL_PROCESS)
    for names in REFUSED.values():
        for name in names.split():
            try:
                rules.add_rule(refuse, name)
            except (OSError, ValueError):
                continue  # not on this architecture, or younger than the library
    rules.add_rule(refuse, "socket", library.Arg(0, library.NE, socket.AF_UNIX))
    # Its flags lie in memory, where a filter cannot look: the C library falls back to clone.
    rules.add_rule(library.ERRNO(errno.ENOSYS), "clone3")
    for flag in NAMESPACES:
        rules.add_rule(refuse, "clone", library.Arg(0, library.MASKED_EQ, flag, flag))
    for name in ("prlimit64", "sched_setaffinity"):
        rules.add_rule(refuse, name, library.Arg(0, library.NE, 0))  # of another process
    for request in (TIOCSTI, TIOCLINUX):
        rules.add_rule(refuse, "ioctl", library.Arg(1, library.MASKED_EQ, 0xFFFFFFFF, request))
    rules.add_rule(refuse, "personality", library.Arg(0, library.NE, 0xFFFFFFFF))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
