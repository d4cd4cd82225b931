"""The setting "docker" is what a container has by default, and nothing weaker: its capabilities, and its list of calls
with what it allows and what it does not."""

from __future__ import annotations

import platform

import pytest

from tests.attacks.emulation import CALLS
from tests.attacks.settings import lines_of

ALLOWED = {"ptrace", "process_vm_readv", "memfd_create", "shmget", "mq_open"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of calls are those of x86-64")
def test_docker_is_dockers_default() -> None:
    (found,), errors = lines_of("docker", "tests.attacks.emulation")
    assert found.pop("capabilities") == "00000000a80425fb", errors
    assert found.pop("seccomp") == "2"
    assert found.pop("clone3") == "ENOSYS"
    refused = {name for name, answer in found.items() if answer == "EPERM"}
    assert refused == {*CALLS, "vsock"} - {"clone3"} - ALLOWED
