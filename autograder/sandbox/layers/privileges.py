"""No new privileges: a program that is started can get no more rights than its starter has, setuid files included
(PR_SET_NO_NEW_PRIVS, prctl(2)). Landlock and seccomp ask for it before they let an ordinary user restrict itself."""

from __future__ import annotations

from autograder.sandbox.layers import kernel
from autograder.sandbox.layers.base import Amounts, Known, Place


class NoNewPrivileges:
    name = "no_new_privs"
    title = "rights gained by starting a setuid program such as su"
    advice = "needs Linux 3.5"

    def missing(self) -> str:
        try:
            kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS)
        except OSError as error:
            return str(error.strerror)
        return ""

    def prepare(self, place: Place) -> str:
        return ""

    def enter(self, amounts: Amounts) -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)

    def probe(self, known: Known) -> str:
        # A setuid program to try cannot be counted on; the kernel's own word is what there is.
        return "" if kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) == 1 else "new privileges"
