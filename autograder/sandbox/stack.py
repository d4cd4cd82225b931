"""The layers of one launcher, prepared once and entered by every fork."""

from __future__ import annotations

import socket

from autograder.sandbox.layers import Amounts, Layer, Place, all_layers, session


class Stack:
    """``names`` are the layers that are there, in order, with what a machine adds to them ("landlock 7"); ``failed``
    says of the others why not."""

    def __init__(self, place: Place) -> None:
        self.layers: list[Layer] = []
        self.names: list[str] = []
        self.failed: dict[str, str] = {}
        for layer in all_layers():
            reason = "" if layer.name == "namespaces" and place.caged else layer.missing()
            if not reason:
                try:
                    self.names.append(layer.prepare(place) or layer.name)
                    self.layers.append(layer)
                except OSError as error:
                    reason = str(error)
            if reason:
                self.failed[layer.name] = reason

    def enter(self, amounts: Amounts, connection: socket.socket, raw_output: int, boot: int) -> None:
        """Become a guest. Raises OSError where a layer cannot be entered."""
        for layer in self.layers:
            layer.enter(amounts)
        session.end_with_parent()
        # Last, since a ruleset is a descriptor too.
        session.keep_only(connection, raw_output, boot)
