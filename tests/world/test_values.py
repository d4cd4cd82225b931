"""What crosses between judge and guest: exact values there and back, and nothing but an error for a broken form."""

from __future__ import annotations

import math
from pathlib import Path, PurePath
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judge.run import decoded
from autograder.world import values
from autograder.world.values import Opaque, decode, encode, generator, in_folder, shared_array
from tests.world.conftest import Play

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.binary(),
    st.text(st.characters(categories=["Cs"]), max_size=3), st.integers(min_value=1 << 62, max_value=1 << 80),
)  # fmt: skip
hashable = st.recursive(scalars, lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner)), max_leaves=5)
ranges = st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 3))
plain = st.recursive(
    scalars | ranges,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.sets(hashable, max_size=3),
        st.dictionaries(hashable, inner, max_size=3),
    ),
    max_leaves=8,
)


def over_the_wire(form: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(form))


@given(plain)
def test_there_and_back(value: Any) -> None:
    back = decode(over_the_wire(encode(value)))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "value", [1, 1.0, True, -0.0, 1e300, (1, [2, {3: (4,)}]), {(1, 2): {"a"}}, "", b"", [], (), {}]
)
def test_types_are_kept(value: Any) -> None:
    assert repr(decode(over_the_wire(encode(value)))) == repr(value)


def test_no_number_is_kept() -> None:
    assert math.isnan(decode(over_the_wire(encode(math.nan))))
    assert decode(over_the_wire(encode([math.inf, -math.inf]))) == [math.inf, -math.inf]


def test_subclasses_are_what_they_stand_for() -> None:
    from collections import Counter, OrderedDict, namedtuple

    pair = namedtuple("pair", "a b")
    assert decode(encode(Counter("aa"))) == {"a": 2}
    assert decode(encode(OrderedDict(a=1))) == {"a": 1}
    assert decode(encode(pair(1, 2))) == (1, 2)


def test_what_does_not_cross() -> None:
    value = decode(over_the_wire(encode(object())))
    assert isinstance(value, Opaque)
    assert (value.type, value == value, value != value) == ("builtins.object", False, True)

    class Bad:
        def __repr__(self) -> str:
            raise RuntimeError

    assert isinstance(decode(over_the_wire(encode(Bad()))), Opaque)
    assert isinstance(decode(over_the_wire(encode("x" * (values.LONGEST + 1)))), Opaque)
    assert isinstance(decode(over_the_wire(encode(list(range(values.LONGEST + 1))))), Opaque)


def test_depth_ends() -> None:
    value: list[Any] = []
    value.append(value)
    inner = decode(over_the_wire(encode(value)))
    for _ in range(values.DEEPEST):
        (inner,) = inner
    assert isinstance(inner, Opaque)


def test_what_is_described() -> None:
    for value in (generator([1, (2,)]), in_folder("a/b"), shared_array("i", [1, 2])):
        assert decode(over_the_wire(encode(value))) == value
    assert in_folder("a") / "b" == in_folder("a/b")
    assert decode(encode(PurePath("/x"))) == PurePath("/x")
    assert decode(encode(Path("/run/x"), lambda path: path.name)) == in_folder("x")


BROKEN = {
    "a bare list": [],
    "one": ["list"],
    "three": ["list", [], []],
    "an unknown tag": ["object", []],
    "a tag of another type": [["list"], []],
    "a map": {"list": []},
    "bytes alone": b"a",
    "no content": ["list", None],
    "a number as content": ["tuple", 5],
    "text as content": ["dict", "ab"],
    "a pair too long": ["dict", [[1, 2, 3]]],
    "an unhashable key": ["dict", [[["list", []], 1]]],
    "an unhashable item": ["set", [["list", []]]],
    "no hexadecimal": ["int", "xyz"],
    "a number of a number": ["int", 5],
    "a range of nothing": ["range", []],
    "a range of text": ["range", ["a", "b", "c"]],
    "a range without steps": ["range", [0, 1, 0]],
    "nothing opaque": ["opaque", []],
    "half opaque": ["opaque", ["a"]],
    "an opaque number": ["opaque", 5],
    "an opaque map": ["opaque", {}],
    "no array": ["shared_array", []],
    "half an array": ["shared_array", ["i"]],
    "an array of a map": ["shared_array", {}],
    "bad surrogates": ["surrogates", b"\xff"],
    "a path of a number": ["path", 5],
    "a folder of a list": ["in_folder", ["a"]],
    "deep": ["list", [["list", [["list", []]]]]],
}
for _ in range(3000):
    BROKEN["deep"] = ["list", [BROKEN["deep"]]]
BROKEN["deep in ranges"] = ["range", [1]]
for _ in range(3000):
    BROKEN["deep in ranges"] = ["range", [BROKEN["deep in ranges"]]]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_forms(name: str) -> None:
    with pytest.raises((ValueError, TypeError, RecursionError)):
        decode(BROKEN[name])
    assert isinstance(decoded(BROKEN[name]), Opaque)


tags = st.sampled_from(
    ["int", "bytes", "surrogates", "list", "tuple", "set", "frozenset", "dict", "range", "opaque", "generator",
     "in_folder", "path", "shared_array"]
)  # fmt: skip
junk = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=3), st.binary(max_size=3))
forms = st.recursive(
    junk,
    lambda inner: st.one_of(
        st.tuples(tags, inner).map(list),
        st.tuples(tags, st.lists(inner, max_size=3)).map(list),
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=8,
)


@given(forms)
def test_any_form_gives_a_value_or_one_of_three_errors(form: Any) -> None:
    try:
        decode(form)
    except (ValueError, TypeError, RecursionError):
        assert isinstance(decoded(form), Opaque)


def test_arguments_and_results_of_a_real_guest(play: Play) -> None:
    source = """
        import collections
        import pathlib

        def same(value):
            return value

        def kinds(*args):
            return [type(arg).__name__ for arg in args]

        def described(items, path, array):
            (pathlib.Path(path) / "made").mkdir(parents=True)
            array[0] += 5
            return list(items), path / "made", pathlib.Path("x"), pathlib.Path("/etc"), pathlib.Path("../x")

        class Point:
            def __repr__(self):
                return "Point()"

        def odd():
            return [Point(), {Point()}, lambda: 1]
        """
    value = [1, 2.5, "ä\ud800", b"\0", None, True, (1,), {"a": {2}}, range(3), 1 << 70]
    assert play(source, "same", value).value == value
    names = ["generator", "PosixPath", "SynchronizedArray", "tuple", "dict"]
    assert play(source, "kinds", generator([1]), in_folder("a"), shared_array("i", [1]), (1,), {}).value == names
    run = play(source, "described", generator([1, 2]), in_folder("sub"), shared_array("i", [1, 2]))
    assert run.value == ([1, 2], in_folder("sub/made"), in_folder("x"), PurePath("/etc"), PurePath("../x"))
    assert run.recording.report is not None
    assert decode(run.recording.report.args[2]) == [6, 2]
    assert repr(play(source, "odd").value[:2]) == "[Point(), {Point()}]"


def test_one_wording_for_all_versions() -> None:
    """What pickle says of a local function is told alike, whatever Python says it."""
    said = {
        values.steady(f"{words} 'f.<locals>.g'") for words in ("Can't pickle local object", "Can't get local object")
    }
    assert said == {"Can't pickle local object 'f.<locals>.g'"}
