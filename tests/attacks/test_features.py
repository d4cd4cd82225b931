"""Honest programs notice nothing of the layers: all of multiprocessing under every start method, 200 threads, and the
rendezvous with the judge."""

from __future__ import annotations

import pytest

from tests.attacks.features import EXPECTED, MEETINGS, METHODS
from tests.attacks.settings import SETTINGS, lines_of


@pytest.mark.parametrize("setting", SETTINGS)
def test_all_of_multiprocessing_works(setting: str) -> None:
    lines, errors = lines_of(setting, "tests.attacks.features")
    found = {name: value if value is not None else why for name, value, why in lines}
    expected: dict[str, object] = {f"{one} {how}": number for one, number in EXPECTED.items() for how in METHODS}
    expected |= {f"{one} {how}": apart for one, apart in MEETINGS.items() for how in METHODS[:2]}
    del expected["many spawn"], expected["many forkserver"]  # threads have no start method
    assert found == expected, errors
