"""The launcher as subreaper: whoever in a run loses its parent becomes the launcher's child
(PR_SET_CHILD_SUBREAPER, prctl(2)), so that nothing escapes `launcher.sweep` by forking twice."""

from __future__ import annotations

from autograder import system
from autograder.sandbox.layers import kernel
from autograder.sandbox.layers.base import Amounts, Known, Place


class Subreaper:
    name = "subreaper"
    title = "processes that outlive their run"
    advice = "needs Linux 3.4"

    def missing(self) -> str:
        return "" if system.linux() else "not on this system"

    def prepare(self, place: Place) -> str:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        return ""

    def enter(self, amounts: Amounts) -> None:
        """Nothing: it is the launcher's."""

    def probe(self, known: Known) -> str:
        """Tried from outside (`probes`): the guest leaves an orphan, which must be gone after the sweep."""
        return ""
