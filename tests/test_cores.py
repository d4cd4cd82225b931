"""How many cores there are to use, by either version of control groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import cores, system


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "cores", lambda: 16)


@pytest.mark.parametrize(
    ("text", "quota", "usable"),
    [("max 100000", None, 16), ("50000 100000", 0.5, 1), ("250000 100000", 2.5, 3), ("9900000 100000", 99, 16)],
)
def test_version_2(tmp_path: Path, many: None, text: str, quota: float | None, usable: int) -> None:
    (tmp_path / "cpu.max").write_text(text + "\n")
    assert cores.quota(tmp_path, tmp_path) == quota
    assert cores.usable(tmp_path, tmp_path) == usable


@pytest.mark.parametrize(("share", "quota"), [("-1", None), ("150000", 1.5)])
def test_version_1(tmp_path: Path, many: None, share: str, quota: float | None) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(share)
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000")
    assert cores.quota(tmp_path, tmp_path) == quota


@pytest.mark.parametrize("text", ["", "x y", "100 0"])
def test_what_makes_no_sense_is_no_quota(tmp_path: Path, many: None, text: str) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert cores.quota(tmp_path, tmp_path) is None
    assert cores.usable(tmp_path, tmp_path) == 16


def test_no_control_groups(tmp_path: Path, many: None) -> None:
    assert cores.usable(tmp_path, tmp_path) == 16


@pytest.mark.parametrize(
    ("membership", "folder", "quota"),
    [
        ("0::/system.slice/grading.service\n", "system.slice/grading.service", 1),
        ("0::/system.slice/grading.service\n", "system.slice", 1),
        ("3:cpu,cpuacct:/job_7/step_0\n1:name=systemd:/x\n", "cpu/job_7", 1),
        ("2:memory:/job_7\n", "cpu/job_7", 2),
        ("0::/../../other\n", "elsewhere", 2),
    ],
)
def test_the_groups_that_ours_lies_in_count_too(
    tmp_path: Path, many: None, membership: str, folder: str, quota: float
) -> None:
    (tmp_path / "cpu.max").write_text("200000 100000")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "cpu.max").write_text("100000 100000")
    (tmp_path / "membership").write_text(membership)
    assert cores.quota(tmp_path, tmp_path / "membership") == quota
