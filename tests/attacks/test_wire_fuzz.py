"""The parser of messages meets bytes of a hostile guest: it raises `WireError` or gives an ask, and nothing else."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import tracemalloc
from typing import get_args

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.judge.failure import shown
from autograder.judge.run import decoded
from autograder.world import frames, wire

VALID = [msgspec.msgpack.encode(kind()) for kind in (wire.Hello, wire.Pause, wire.End)]
VALID.append(msgspec.msgpack.encode(wire.Write(text="text", notes=[wire.Stderr(text="e")])))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message with some bytes changed, left out or put in: deeper than noise comes."""
    body = bytearray(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(body) - 1, 0)))
        body[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=5))
    return bytes(body)


@given(st.one_of(st.binary(max_size=200), damaged()))
@example(b"\x91" * 100_000)
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\xdf\xff\xff\xff\xff")
@example(b"\xc6\xff\xff\xff\xff")
@settings(max_examples=1500)
def test_a_body_is_an_ask_or_refused(body: bytes) -> None:
    with contextlib.suppress(frames.WireError):
        assert isinstance(wire.read_ask(body), get_args(wire.AnyAsk))


TAGS = [
    "int",
    "bytes",
    "surrogates",
    "in_folder",
    "path",
    "list",
    "tuple",
    "set",
    "frozenset",
    "dict",
    "range",
    "opaque",
    "generator",
    "shared_array",
    "x",
]
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=5))
FORMS = st.recursive(
    st.one_of(SCALARS, st.just("0x" + "f" * 5000)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)),
                            st.tuples(st.sampled_from(TAGS), inner)).map(list),
    max_leaves=20,
)  # fmt: skip


@given(FORMS)
@example(["set", [["int", hex(n * (2**61 - 1))] for n in range(5000)]])
@example(["dict", [[["int", hex(n * (2**61 - 1))], 0] for n in range(5000)]])
@example(["set", [["tuple", [n]] for n in range(5000)]])
@settings(max_examples=1000)
def test_a_value_is_read_or_refused(form: object) -> None:
    """Whatever form a report gives a value, the judge has one it can show."""
    assert len(shown(decoded(form))) < 500


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=4))
@settings(max_examples=300)
def test_a_stream_is_a_frame_or_refused(pieces: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            for piece in pieces:
                theirs.sendall(piece)
        with contextlib.suppress(frames.WireError):
            body = frames.receive(ours)
            assert body is None or len(body) <= frames.LARGEST


@pytest.mark.parametrize("length", [frames.LARGEST + 1, (1 << 32) - 1])
def test_an_announced_length_takes_no_memory(length: int) -> None:
    ours, theirs = socket.socketpair()
    tracemalloc.start()
    try:
        with ours, theirs:
            theirs.sendall(struct.pack(">I", length))
            with pytest.raises(frames.WireError):
                frames.receive(ours)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_with_atheris() -> None:
    """Guided by coverage, where the fuzzer is installed; a number of runs is its bound, no time."""
    pytest.importorskip("atheris", reason="atheris is not installed")
    import subprocess

    code = (
        "import atheris, sys\n"
        "with atheris.instrument_imports():\n    from autograder.world import frames, wire\n"
        "def one(data):\n    try: wire.read_ask(data)\n    except frames.WireError: pass\n"
        "atheris.Setup(['wire', '-runs=20000', '-rss_limit_mb=1024'], one)\natheris.Fuzz()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
