"""A user of the guest's own, where the judge is root: it owns nothing, and may read and kill only what is its own.

Each launcher has a number for itself (`sandbox.slots`), so that submissions graded at the same time are strangers to
one another too. Giving up root drops every capability with it (capabilities(7)). This works in a container with
Docker's default limits, which leave SETUID, SETGID and KILL.
"""

from __future__ import annotations

import os

from autograder import system
from autograder.sandbox.layers import kernel
from autograder.sandbox.layers.base import Amounts, Attempt, Known, Place, through

_SETGID, _SETUID, _KILL, _CHOWN = 6, 7, 5, 0


class OwnUser:
    name = "user"
    title = "files and processes of the judge, of root and of other submissions"
    advice = "run as root (in a container: with its default capabilities, without --user and --cap-drop)"

    def __init__(self) -> None:
        self._user = -1

    def missing(self) -> str:
        if not system.linux() or os.geteuid() != 0:
            return "the grader does not run as root"
        lacking = [
            name
            for name, bit in (("CHOWN", _CHOWN), ("KILL", _KILL), ("SETGID", _SETGID), ("SETUID", _SETUID))
            if not effective(bit)
        ]
        return f"root without the capability {', '.join(lacking)}" if lacking else ""

    def prepare(self, place: Place) -> str:
        if place.user < 0:
            raise OSError("there is no number free for it, or no interpreter that it could read")
        self._user = place.user
        return ""

    def enter(self, amounts: Amounts) -> None:
        os.setgroups([])
        os.setresgid(self._user, self._user, self._user)
        os.setresuid(self._user, self._user, self._user)
        # Cleared by the change of user. Only the guest itself, and a judge that takes its user on, may look inside.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)

    def probe(self, known: Known) -> str:
        return through(
            Attempt("becoming root", lambda: os.setuid(0)),
            Attempt("another group", lambda: os.setgid(0)),
            Attempt("a new root folder", lambda: os.chroot("/")),
            Attempt("a signal to the judge", lambda: os.kill(known.judge, 0)),
            Attempt("the judge's environment", lambda: open(f"/proc/{known.judge}/environ", "rb").close()),
        )


def effective(capability: int) -> bool:
    """Whether this process has a capability in effect (proc(5))."""
    try:
        with open("/proc/self/status") as file:
            fields = dict(line.split(":", 1) for line in file)
    except OSError:
        return False
    return bool(int(fields["CapEff"], 16) >> capability & 1)
