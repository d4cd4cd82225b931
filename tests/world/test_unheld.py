"""What the world cannot hold is named, so that a person looks; forks, programs and sockets are refused too."""

from __future__ import annotations

import pytest

from tests.world.conftest import Play

NAMED = {
    "import asyncio\n async def g(): pass\n asyncio.run(g())": "asyncio",
    "import subprocess\n subprocess.run(['true'])": "subprocess",
    "import subprocess\n subprocess.Popen('true', shell=True)": "subprocess",
    "import os\n os.system('true')": "os.system",
    "import os\n os.popen('true').read()": "subprocess",
    "import os\n os.fork()": "os.fork",
    "import os\n os.forkpty()": "os.forkpty",
    "import os\n os.execv('/bin/true', ['true'])": "os.exec",
    "import os\n os.posix_spawn('/bin/true', ['true'], {})": "os.posix_spawn",
    "import socket\n socket.socket()": "sockets",
    "import socket\n socket.socketpair()": "sockets",
    "import socket\n socket.create_connection(('127.0.0.1', 9))": "sockets",
    "import urllib.request\n urllib.request.urlopen('http://127.0.0.1:9/')": "sockets",
    "import ctypes\n ctypes.CDLL(None)": "a foreign library (ctypes)",
    "import signal\n signal.alarm(0)": "signal.alarm",
    "import signal\n signal.setitimer(signal.ITIMER_REAL, 0)": "signal.setitimer",
    "import sys\n sys.settrace(None)": "sys.settrace",
    "import threading\n threading.settrace(None); import sys; sys.setprofile(None)": "sys.setprofile",
    "import os, signal\n os.kill(os.getpid(), signal.SIGTERM)": "a signal that the program sends to itself",
}
REFUSED = ["asyncio", "subprocess", "os.system", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "sockets"]


@pytest.mark.parametrize("statement", NAMED)
def test_named(play: Play, statement: str) -> None:
    run = play(f"def f():\n {statement}\n return 'on'")
    if run.outcome == "crashed":
        assert "signal" in NAMED[statement]
        return
    assert run.recording.unheld == (NAMED[statement],)
    assert run.outcome == ("raised" if NAMED[statement] in REFUSED else "returned")


def test_named_in_children_and_threads_too(play: Play) -> None:
    source = """
        import multiprocessing
        import os
        import threading

        def f(kind):
            task = kind(target=os.fork)
            task.start()
            task.join()

        def processes(): f(multiprocessing.Process)
        def threads(): f(threading.Thread)
        """
    for function in ("processes", "threads"):
        run = play(source, function)
        assert run.value is None
        assert run.recording.unheld == ("os.fork",)
        assert "PermissionError: [Errno 1] os.fork is not possible here" in run.errors


def test_the_librarys_own_uses_are_not_the_programs(play: Play) -> None:
    source = """
        import concurrent.futures
        import logging
        import multiprocessing
        import random
        import tempfile
        import uuid

        def square(number):
            return number * number

        def f():
            logging.getLogger().warning("text")
            with tempfile.TemporaryDirectory() as folder, open(folder + "/a", "w") as file:
                file.write(str(random.random()))
            with multiprocessing.Pool(2) as pool, multiprocessing.Manager() as manager:
                items = manager.list(pool.map(square, range(3)))
                result = list(items)
            with concurrent.futures.ProcessPoolExecutor(1) as executor:
                return result + list(executor.map(square, [4]))
        """
    for method in ("fork", "spawn"):
        run = play(source, start_method=method)
        assert run.value == [0, 1, 4, 16]
        assert run.recording.unheld == ()


def test_imports(play: Play) -> None:
    kind, message, line = play("import math\nimport numpy\ndef f(): pass").error
    assert (kind, message, line) == ("ModuleNotFoundError", "No module named 'numpy'", 2)
    assert play("def f():\n import msgspec").error[0] == "ModuleNotFoundError"
    assert play("def f():\n from autograder import model").error[0] == "ModuleNotFoundError"
    assert play("def f():\n try:\n  import numpy\n except ImportError as error:\n  return error.name").value == "numpy"
    assert play("import requests, json.decoder, concurrent.futures as cf\ndef f(): return cf.__name__").value == (
        "concurrent.futures"
    )


def test_the_web(play: Play) -> None:
    """Without a site there is no network; that is the program's matter, not unheld."""
    run = play("import requests\ndef f(): return requests.get('http://example.com/').text")
    assert run.error[:2] == ("requests.exceptions.ConnectionError", "the world of this run has no network")
    assert run.recording.unheld == ()
