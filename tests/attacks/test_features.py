"""Honest programs notice nothing of the layers: all of multiprocessing under every start method, and 200 threads."""

from __future__ import annotations

import pytest

from tests.attacks.features import EXPECTED, METHODS
from tests.attacks.settings import SETTINGS, lines_of


@pytest.mark.parametrize("setting", SETTINGS)
def test_all_of_multiprocessing_works(setting: str) -> None:
    lines, errors = lines_of(setting, "tests.attacks.features")
    found = {name: value if value is not None else why for name, value, why in lines}
    expected = {f"{feature} {method}": value for feature, value in EXPECTED.items() for method in METHODS}
    assert found == {name: value for name, value in expected.items() if name in found}, errors
    assert set(expected) - set(found) == {"many spawn", "many forkserver"}, errors
