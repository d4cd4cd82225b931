"""A Slurm of one node on this machine, for the tests: bound to loopback, with keys, files and ports of its own.

Debian's packages slurm-wlm and munge, started as root without systemd (`slurmctld`, `slurmd` and `munged` in the
foreground, ended with whoever started them). Nothing of an installed cluster's configuration is read or written.

As a command it starts one and runs another command in it: ``python tests/slurm/cluster.py autograder grade …``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scancel", "sinfo", "setpriv")
CPUS = 2
TRIES = 600  # of a tenth of a second: a backstop for a cluster that does not come up


def lacking() -> str:
    """Why there can be no cluster here; "" if there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a Slurm of its own needs root on Linux"
    missing = [name for name in PROGRAMS if _which(name) is None]
    return f"not installed: {', '.join(missing)} (Debian: slurm-wlm, munge)" if missing else ""


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[dict[str, str]]:
    """A cluster that lives in ``folder`` (its path short, for sockets). Gives the variables by which Slurm's commands
    find it. Raises RuntimeError with the logs where it does not come up."""
    configuration = _configure(folder)
    environment = {"SLURM_CONF": str(configuration)}
    started: list[subprocess.Popen[bytes]] = []
    try:
        _munge(folder, started)
        _start(started, folder, "slurmctld", "-D", "-i", "-f", str(configuration))
        _start(started, folder, "slurmd", "-D", "-f", str(configuration))
        _wait_for(lambda: "idle" in _said("sinfo", "-h", "-o", "%T", environment), started, folder)
        yield environment
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _configure(folder: Path) -> Path:
    host = socket.gethostname().split(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir()
    control, node = _free_ports(2)
    configuration = folder / "slurm.conf"
    configuration.write_text(f"""\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmctldPort={control}
SlurmdPort={node}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=5
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={CPUS} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
""")
    return configuration


def _munge(folder: Path, started: list[subprocess.Popen[bytes]]) -> None:
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    folder.chmod(0o755)  # munged wants its socket to be within reach
    files = {name: f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "log", "seed")}
    _start(started, folder, "munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *files.values())
    _wait_for((folder / "munge.socket").exists, started, folder)


def _start(started: list[subprocess.Popen[bytes]], folder: Path, name: str, *arguments: str) -> None:
    with (folder / f"{name}.out").open("wb") as log:
        command = ["setpriv", "--pdeathsig", "KILL", _which(name) or name, *arguments]
        started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))


def _wait_for(ready, started: list[subprocess.Popen[bytes]], folder: Path) -> None:  # type: ignore[no-untyped-def]
    for _ in range(TRIES):
        if ready():
            return
        if any(process.poll() is not None for process in started):
            break
        time.sleep(0.1)
    logs = sorted([*folder.glob("*.log"), *folder.glob("*.out")])
    told = "\n".join(f"{path.name}:\n{path.read_text(errors='replace')[-2000:]}" for path in logs)
    raise RuntimeError(f"the cluster does not come up\n{told}")


def _said(*words_and_environment) -> str:  # type: ignore[no-untyped-def]
    *words, environment = words_and_environment
    return subprocess.run(words, env=os.environ | environment, capture_output=True, text=True, check=False).stdout


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _which(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")


def main() -> int:
    if reason := lacking():
        print(f"cluster: {reason}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, cluster(Path(folder)) as environment:
        return subprocess.run(sys.argv[1:] or ["sinfo"], env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
