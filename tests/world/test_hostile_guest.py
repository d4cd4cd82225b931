"""The conductor sits in the judge, and its guest is the student's side: whatever that sends, no exception comes out of
`Conductor.carry_out`, and what no honest guest sends ends the run as "crashed"."""

from __future__ import annotations

import math
import socket
import struct
import threading
from contextlib import suppress
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import Limits, Machine
from autograder.world import conductor as conductors
from autograder.world import frames, wire
from autograder.world.conductor import Conductor
from autograder.world.record import EVENTS_PER_OPERATION
from autograder.world.schedule import make
from tests.world.fake import done, play

HELLO = wire.Hello()
INF, NAN, HUGE = math.inf, math.nan, (1 << 64) - 1


def frame(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def packed(*fields: Any) -> bytes:
    return frame(msgspec.msgpack.encode(fields))


def test_an_honest_one_returns() -> None:
    recording = play(wire.Pause(), wire.Write(text="hello"), done(value=3))
    assert (recording.outcome, recording.report.value if recording.report else None) == ("returned", 3)
    assert [event.op for event in recording.trace.events] == ["write", "return"]


MALFORMED = {
    "nothing": frame(b""),
    "no msgpack": frame(b"\xc1"),
    "cut off inside": frame(b"\x92\xa5Pau"),
    "bad UTF-8 for a tag": frame(b"\x91\xa1\xff"),
    "bad UTF-8 for a text": frame(b"\x9a\xa5Write\x00\xcb\0\0\0\0\0\0\0\0\x00\x00\xa0\x90\xa1\xff"),
    "an unknown kind": packed("Nonsense", 0),
    "a note as an ask": packed("Released", 0, 0, "", "l0.1"),
    "a map": frame(msgspec.msgpack.encode({"type": "Pause"})),
    "an int": frame(b"\x05"),
    "ticks as text": packed("Pause", "many"),
    "ticks as a float": packed("Pause", 1.5),
    "nil for a line": packed("Pause", 0, 0.0, 0, None),
    "notes of no kind": packed("Pause", 0, 0.0, 0, 0, "", [["Nonsense"]]),
    "an ask as a note": packed("Pause", 0, 0.0, 0, 0, "", [["Pause"]]),
    "a field too few": packed("Write"),
    "two thousand levels": frame(b"\x91" * 2_000 + b"\x00"),
    "a list of four thousand million": frame(
        b"\x98\xa4Join\x00\xcb\0\0\0\0\0\0\0\0\x00\x00\xa0\x90\xdd\xff\xff\xff\xff"
    ),
    "a frame too large": struct.pack(">I", frames.LARGEST + 1),
    "a frame that never comes": struct.pack(">I", 1000) + b"abc",
    "half a length": b"\0\0",
    "two messages at once": frames.pack(wire.Pause()) * 2,
    "a report of no kind": wire.Done(report=b"\xc1"),
    "an empty report": wire.Done(report=b""),
    "a report with bad UTF-8": wire.Done(report=b"\x91\xa1\xff"),
    "a report of other types": wire.Done(report=msgspec.msgpack.encode(["returned", None, 5])),
    "a report nested too deep": wire.Done(report=b"\x92\xa8returned" + b"\x91" * 500_000 + b"\x00"),
    "a report with an outcome of its own": done(outcome="inconclusive"),
    "a report that calls it a deadlock": done(outcome="deadlock"),
    "a report with a long outcome": done(outcome="x" * 1000),
    "a report with a long message": done(outcome="raised", message="x" * 100_000),
    "a report with a long type": done(outcome="raised", types=["x" * 100_000]),
    "a report with many types": done(outcome="raised", types=["x"] * 100_000),
    "a report from a line below 0": done(outcome="raised", line=-1),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_message(name: str) -> None:
    message = MALFORMED[name]
    messages = [message, None] if isinstance(message, bytes) else [message]
    if name in ("half a length", "a frame that never comes"):
        ours, theirs = socket.socketpair()
        theirs.sendall(bytes(message))
        theirs.close()
        machine = Machine()
        conductor = Conductor(ours, make("virtual", machine), machine=machine, limits=Limits())
        assert conductor.carry_out(wire.Command()).outcome == "crashed"
        conductor.close()
        return
    assert play(*messages).outcome == "crashed"


IMPOSSIBLE = {
    "negative ticks": wire.Pause(ticks=-1),
    "negative free ticks": wire.Pause(free=-1),
    "a negative cost": wire.Pause(cost=-1.0),
    "no number for a cost": wire.Pause(cost=NAN),
    "an endless cost": wire.Pause(cost=INF),
    "a second hello": wire.Hello(),
    "joining a task that is not there": wire.Join(tasks=[7]),
    "joining a task below 0": wire.Join(tasks=[-1]),
    "joining nobody": wire.Join(tasks=[]),
    "joining a huge task": wire.Join(tasks=[HUGE]),
    "polling a task that is not there": wire.Poll(handles=[], tasks=[7]),
    "polling a task below 0": wire.Poll(handles=[], tasks=[-3], timeout=1.0),
    "the end of main": wire.End(),
    "the same handle twice": wire.Pause(notes=[wire.Opened(first=1, second=1, duplex=True)]),
    "a handle that is taken": wire.Pause(
        notes=[wire.Opened(first=1, second=2, duplex=True), wire.Opened(first=2, second=3, duplex=True)]
    ),
    "a task of an unknown kind": wire.Spawn(kind="main", name=""),
    "a process of an unknown method": wire.Spawn(kind="process", name="", method="magic"),
    "a huge line": wire.Write(text="a", line=HUGE),
    "a line below 0": wire.Write(text="", line=-5),
    "a count below 0": wire.Access(id="x", store=True, index=0, count=-5),
    "an index below 0": wire.Access(id="x", store=True, index=-1),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_no_honest_guest_asks(name: str) -> None:
    assert play(IMPOSSIBLE[name], done()).outcome == "crashed"


def test_a_handle_of_the_conductors_own() -> None:
    opened = wire.Opened(first=1 << 40, second=5, duplex=True)
    assert play(wire.Listen(address="a", notes=[opened]), wire.Connect(address="a"), done()).outcome == "crashed"


HARMLESS = {
    "an endless sleep": wire.Sleep(seconds=INF),
    "a sleep of no number": wire.Sleep(seconds=NAN),
    "a sleep below 0": wire.Sleep(seconds=-INF),
    "an endless limit": wire.Poll(handles=[], tasks=[], timeout=INF),
    "a limit of no number": wire.Join(tasks=[0], timeout=NAN),
    "a limit below 0": wire.Wait(id="", timeout=-INF),
    "an unknown lock": wire.Count(id="nowhere"),
    "a lock below 0": wire.Acquire(id="a", kind="", value=-5, timeout=0.0),
    "a lock of many": wire.Acquire(id="a", kind="", value=HUGE, most=HUGE),
    "a holder that is not there": wire.Wait(id="a", timeout=1.0, holder=HUGE),
    "handles that are not there": wire.Poll(handles=[-1, 0, HUGE], tasks=[]),
    "sending nowhere": wire.Send(handle=-1, data=b"a"),
    "receiving from nowhere": wire.Receive(handle=-1),
    "connecting to nowhere": wire.Connect(address=""),
    "killing nobody": wire.Kill(task=-1, signal=9),
    "killing itself": wire.Kill(task=0, signal=-5),
    "killing somebody far": wire.Kill(task=HUGE, signal=HUGE),
    "an address of no page": wire.Fetch(method="\0", url="no url"),
    "an odd text": wire.Write(text="\0\x1b[2J\u202e"),
    "odd notes": wire.Pause(
        notes=[
            wire.Released(id="nowhere", ticks=-5),
            wire.Woke(id="nowhere", ticks=HUGE),
            wire.Closed(handle=-1),
            wire.Packed(handle=HUGE),
            wire.Unpacked(handle=-HUGE >> 1),
            wire.Made(id="", kind="", value=-5, most=-5, process=HUGE),
            wire.Left(function="never entered"),
            wire.Died(text="x" * 10_000),
            wire.Leaked(what="x" * 10_000),
            wire.Unheld(what="x" * 10_000),
            wire.Stderr(text="x"),
        ]
    ),
    "a thread that never comes": wire.Spawn(kind="thread", name="x" * 100_000),
    "a process that never comes": wire.Spawn(kind="process", name="", method="fork"),
}


@pytest.mark.parametrize("strategy", ["virtual", "roundrobin", "slices:3,4", "random:1:5", "switches:1-1"])
@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_odd_and_harmless(name: str, strategy: str) -> None:
    recording = play(HARMLESS[name], wire.Sleep(seconds=1.0), wire.Write(text="after"), done(), strategy=strategy)
    assert recording.outcome == "returned"
    assert math.isfinite(recording.trace.elapsed)
    assert all(math.isfinite(event.at) and math.isfinite(event.asked) for event in recording.trace.events)


ENDLESS = {
    "more work than there is": wire.Pause(ticks=HUGE),
    "more free work than there is": wire.Pause(free=HUGE),
    "much output": wire.Write(text="x" * (2 << 20)),
    "much error output": wire.Pause(notes=[wire.Stderr(text="é" * (1 << 20))]),
    "a cost of days": wire.Pause(cost=999_999.0),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_too_much(name: str) -> None:
    assert play(ENDLESS[name], done(), operations=500).outcome == "limit"


FLOODS = {
    "notes": lambda: wire.Pause(notes=[wire.Left(function="")] * 3_000),
    "locks": lambda: wire.Pause(notes=[wire.Made(id=str(number), kind="") for number in range(3_000)]),
    "accesses": lambda: wire.Access(id="x", store=True, index=0, count=HUGE),
    "tasks": lambda: wire.Spawn(kind="thread", name=""),
    "bytes": lambda: wire.Send(handle=-1, data=b"x" * (1 << 20)),
}


@pytest.mark.parametrize("name", FLOODS)
def test_what_would_fill_the_judges_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductors, "MOST_BYTES", 8 << 20)
    recording = play(*[FLOODS[name]() for _ in range(60)], done(), operations=500, processes=50)
    assert recording.outcome == "limit"
    assert len(recording.trace.events) <= 500 * EVENTS_PER_OPERATION


def test_a_guest_that_says_nothing_leaves_it_open() -> None:
    ours, theirs = socket.socketpair()
    machine = Machine()
    conductor = Conductor(ours, make("virtual", machine), machine=machine, limits=Limits(real_time=0.01))
    with theirs:
        assert conductor.carry_out(wire.Command()).outcome == "inconclusive"
    conductor.close()


def test_a_guest_that_speaks_slowly_is_not_waited_for_ever() -> None:
    """Each byte in time, but never the last one."""
    ours, theirs = socket.socketpair()
    machine = Machine()
    conductor = Conductor(ours, make("virtual", machine), machine=machine, limits=Limits(real_time=0.1))
    theirs.sendall(struct.pack(">I", 1000))
    ended = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            for _ in range(200):
                if ended.wait(0.02):
                    return
                theirs.sendall(b"x")
            theirs.close()

    thread = threading.Thread(target=drip)
    thread.start()
    outcome = conductor.carry_out(wire.Command()).outcome
    ended.set()
    thread.join()
    theirs.close()
    conductor.close()
    assert outcome == "inconclusive"


def test_a_guest_that_goes_at_once() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    machine = Machine()
    conductor = Conductor(ours, make("virtual", machine), machine=machine, limits=Limits())
    assert conductor.carry_out(wire.Command()).outcome == "crashed"
    conductor.close()


def test_a_child_that_kills_the_main_process() -> None:
    """Not a deadlock: nothing waits for anything."""
    ours, theirs = socket.socketpair()
    machine = Machine()
    conductor = Conductor(ours, make("virtual", machine), machine=machine, limits=Limits())

    def guest() -> None:
        def told(connection: socket.socket, message: Any) -> int | None:
            connection.sendall(frames.pack(message))
            return frames.receive_with_fd(connection)[1]

        with theirs, suppress(OSError, frames.WireError):
            told(theirs, HELLO)
            fd = told(theirs, wire.Spawn(kind="process", name="", method="fork"))
            with socket.socket(fileno=fd) as child:
                theirs.sendall(frames.pack(wire.Join(tasks=[1])))
                told(child, HELLO)
                told(child, wire.Kill(task=0, signal=9))

    thread = threading.Thread(target=guest)
    thread.start()
    recording = conductor.carry_out(wire.Command())
    conductor.close()
    thread.join()
    assert recording.outcome == "crashed"


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=3))
def test_noise(bodies: list[bytes]) -> None:
    assert play(*map(frame, bodies), real_time=5.0).outcome == "crashed"


def test_more_files_than_a_process_tells() -> None:
    flood = wire.Pause(notes=[wire.Filed(name="a", changed=True)] * wire.MOST_FILED)
    assert play(flood, done(), processes=1).outcome == "returned"
    recording = play(flood, flood, flood, done(), processes=1)
    assert recording.outcome == "crashed"
    assert len(recording.trace.events) <= 2 * wire.MOST_FILED


numbers = st.one_of(st.integers(0, 5), st.sampled_from([-1, (1 << 24), HUGE]))
texts = st.sampled_from(["", "a", "l0.1", "http://a", "\0"])
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    int: numbers,
    float: st.floats(),
    str: texts,
    bytes: st.sampled_from([b"", b"a" * 70_000]),
    bool: st.booleans(),
    list[int]: st.lists(st.integers(-1, 5), max_size=3),
    float | None: st.one_of(st.none(), st.floats()),
}


def _of(kind: Any) -> st.SearchStrategy[Any] | None:
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    return FIELDS.get(kind)


@st.composite
def asks(draw: st.DrawFn) -> Any:
    """Any ask with any fields of the right types, with any such notes."""

    def filled(kind: Any) -> Any:
        fields = {field.name: _of(field.type) for field in msgspec.structs.fields(kind)}
        return kind(**{name: draw(of) for name, of in fields.items() if of is not None})

    kinds = [kind for kind in get_args(wire.AnyAsk) if kind not in (wire.Done, wire.Hello)]
    ask = filled(draw(st.sampled_from(kinds)))
    ask.ticks, ask.free, ask.cost, ask.line = 1, 0, 0.0, 1
    ask.notes = [filled(draw(st.sampled_from(get_args(wire.AnyNote)))) for _ in range(draw(st.integers(0, 2)))]
    for note in ask.notes:
        note.line = 1
    return ask


@given(st.lists(asks(), max_size=6), st.sampled_from(["virtual", "roundrobin", "random:1:5", "slices:2"]))
def test_any_messages_of_the_right_types(messages: list[Any], strategy: str) -> None:
    recording = play(*messages, done(), strategy=strategy, operations=200, real_time=5.0)
    # Inconclusive: it asked for a process from the launcher, of which there is none here.
    assert recording.outcome in ("returned", "crashed", "deadlock", "limit", "inconclusive")
