"""Which submissions are more alike than two people write by chance: for the TA, who decides what it means.

**Fingerprints.** A file is a row of tokens without comments, docstrings and layout. What can be renamed at will (own
names, strings, numbers) is one token each; keywords, operators, builtins, attributes and imported names stay as they
are. Every ``GRAM`` tokens in a row are a fingerprint: Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for
document fingerprinting" (SIGMOD 2003), with a window of 1, since programs of a page need no thinning. So renaming,
reformatting, other comments and moved functions change little.

**What is no evidence.** Fingerprints of the template, of the solution and of every file in ``right/`` (the forms that
the course itself knows), of further files that the TA names, and those of more than `common` submissions: what so many
write is how one writes it. A file's *own* tokens are those in no such fingerprint. Two files are compared by them
alone::

    similarity = (own tokens of a that are shared + those of b) / (own tokens of a + those of b)

Only pairs that share ``LEAST`` own tokens at least are told. Files that are the same to the letter are told in any
case, unless they are the template or a form of the course's; those that are the same but for names and layout if they
have so many own tokens. Where the task is small all programs are alike and there is nothing to compare: how many such
files there are is told, too.

It depends on the files alone: the same folder gives the same report. The lexer is pygments', the same on every version
of Python. (Of the libraries for this, copydetect hashes with Python's ``hash()``, which differs from run to run, and
takes a fingerprint that occurs twice in a file for one of the template's; compare50 can't be installed beside current
releases of attrs.)
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograder.build.template import TemplateError, template
from autograder.model import Assignment, Course

if TYPE_CHECKING:
    from pygments.token import _TokenType

GRAM = 12
"""Tokens of a fingerprint: a statement or two. A shared run of fewer is no evidence."""

LEAST = 25
"""Own tokens that a pair must share: three or four lines."""

MOST_TOKENS = 20_000
"""Tokens of a file that are looked at."""


class SimilarError(Exception):
    """Nothing can be compared: says what was found and what is allowed."""


class Token(NamedTuple):
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One submission's file: its tokens, and which of them are its own (in no fingerprint that is no evidence)."""

    id: str
    content: bytes
    tokens: tuple[Token, ...]
    grams: tuple[tuple[str, ...], ...]
    own: frozenset[int]

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for files that are the same but for names and layout."""
        return tuple(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions that are alike, and the lines in which they are. ``kind`` is "same" (to the letter), "renamed"
    (the same but for names, comments and layout) or "alike". Shares are of the own tokens, from 0 to 1."""

    first: str
    second: str
    kind: str
    similarity: float
    share_first: float
    share_second: float
    tokens: int
    lines_first: tuple[int, ...]
    lines_second: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out: pairs, the most alike first; who hangs together by them; how many files there were, and how many
    of them had too little of their own to be compared."""

    assignment: str
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]
    compared: int
    too_little: int
    common: int
    documents: dict[str, Document]


def compare_class(
    out: Path, course: Course, at_least: float, known: Sequence[Path] = (), common: int | None = None
) -> Comparison:
    """Compares all submissions of a reports folder. ``at_least`` is the similarity from which on a pair is told (0 to
    1), ``known`` are further files that are no evidence, ``common`` is how many submissions may share a fingerprint
    before it is none either (None: ten, or a twentieth of the class if that is more). Raises SimilarError."""
    name, contents = _handed_in(out)
    if name not in course.assignments:
        raise SimilarError(f'{out}: found grades of "{name}"; allowed: an assignment of this course, or --config')
    assignment = course.assignments[name]
    forms = [*_forms(assignment), *(_read(path) for path in known)]
    return compare(name, contents, forms, assignment, at_least, common)


def compare(
    name: str,
    contents: dict[str, bytes],
    forms: Sequence[bytes],
    assignment: Assignment,
    at_least: float,
    common: int | None = None,
) -> Comparison:
    """The same for files given by their content; ``forms`` are no evidence."""
    fixed = frozenset(name for form in forms for name in _defined(form))
    rows = {id: tokens(content, fixed) for id, content in contents.items()}
    grams = {id: tuple(_grams(row)) for id, row in rows.items()}
    known = {gram for form in forms for gram in _grams(tokens(form, fixed))}
    # What is the same but for names counts once: a dozen copies of one file are no custom of the class.
    spread = Counter(gram for row in {grams[id] for id in grams} for gram in set(row))
    most = common or max(10, len(contents) // 20)
    usual = known | {gram for gram, count in spread.items() if count > most}
    documents = {
        id: Document(
            id, contents[id], rows[id], grams[id], frozenset(range(len(rows[id]))) - _covered(grams[id], usual)
        )
        for id in sorted(contents)
    }
    pairs = [*_same(documents, {_plain(form) for form in forms}), *_alike(documents, usual)]
    told = tuple(
        sorted(
            (pair for pair in pairs if pair.kind != "alike" or pair.similarity >= at_least),
            key=lambda pair: (-pair.similarity, -pair.tokens, pair.first, pair.second),
        )
    )
    little = sum(len(document.own) < LEAST for document in documents.values())
    return Comparison(name, told, _groups(told), len(documents), little, most, documents)


# --- tokens and fingerprints ---------------------------------------------------------------------------------------


def tokens(content: bytes, fixed: frozenset[str] = frozenset()) -> tuple[Token, ...]:
    """The tokens of a file. Names in ``fixed`` (those that the assignment prescribes) stay as they are."""
    from pygments import lex
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Literal, Name, String, Text

    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    stays = fixed | _imported(text)
    row: list[Token] = []
    line = 1
    for kind, piece in lex(text, PythonLexer(stripnl=False, ensurenl=False)):
        here, line = line, line + piece.count("\n")
        if len(row) >= MOST_TOKENS:
            break
        if not piece.strip() or _any(kind, Comment, Text, String.Doc):
            continue
        if _any(kind, String):
            if row and row[-1].text == "S":
                continue  # quotes, prefix and escapes of one literal, and literals in a row
            word = "S"
        elif _any(kind, Literal):
            word = "N"
        elif _any(kind, Name) and not _any(kind, Name.Builtin):
            word = piece if piece in stays or (row and row[-1].text == ".") else "V"
        else:
            word = piece.strip()
        row.append(Token(word, here))
    return tuple(row)


def _any(kind: _TokenType, *families: _TokenType) -> bool:
    """Whether a kind of token belongs to one of these families."""
    return any(family in kind.split() for family in families)


def _imported(text: str) -> frozenset[str]:
    """Names in import statements: they are a library's, and whoever renames them has to say so. Found in the text, so
    that a file with a syntax error is looked at, too."""
    names: set[str] = set()
    for line in text.splitlines():
        words = line.replace(",", " ").replace("(", " ").replace(")", " ").replace(".", " ").split()
        if words[:1] in (["import"], ["from"]):
            aliases = {new for word, new in pairwise(words) if word == "as"}
            names |= {word for word in words if word.isidentifier()} - aliases
    return frozenset(names)


def _defined(form: bytes) -> Iterator[str]:
    """The functions and classes that a form defines."""
    for line in form.decode("utf-8", "replace").splitlines():
        words = line.split("(")[0].split(":")[0].split()
        if len(words) == 2 and words[0] in ("def", "class"):
            yield words[1]


def _grams(row: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    words = [token.text for token in row]
    return (tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1))


def _covered(grams: Sequence[tuple[str, ...]], wanted: Iterable[tuple[str, ...]]) -> frozenset[int]:
    """The places of the tokens that stand in a wanted fingerprint."""
    wanted = wanted if isinstance(wanted, set | frozenset) else set(wanted)
    return frozenset(at + more for at, gram in enumerate(grams) if gram in wanted for more in range(GRAM))


# --- pairs ---------------------------------------------------------------------------------------------------------


def _same(documents: dict[str, Document], forms: set[bytes]) -> Iterator[Pair]:
    """Files that are the same to the letter, or but for names and layout."""
    alike: defaultdict[tuple[str, ...], list[Document]] = defaultdict(list)
    for document in documents.values():
        alike[document.key].append(document)
    for same in alike.values():
        for a, b in combinations(same, 2):
            letter = _plain(a.content) == _plain(b.content)
            if (letter and a.content.strip() and _plain(a.content) not in forms) or len(a.own) >= LEAST:
                places = a.own if len(a.own) >= LEAST else frozenset(range(len(a.tokens)))
                kind = "same" if letter else "renamed"
                yield Pair(a.id, b.id, kind, 1.0, 1.0, 1.0, len(places), _lines(a, places), _lines(b, places))


def _alike(documents: dict[str, Document], usual: set[tuple[str, ...]]) -> Iterator[Pair]:
    """Pairs of different files that share enough."""
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for document in documents.values():
        for gram in set(document.grams) - usual:
            holders[gram].append(document.id)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        shared.update(combinations(ids, 2))
    for (one, other), count in shared.items():
        a, b = documents[one], documents[other]
        if count + GRAM - 1 < LEAST or a.key == b.key:
            continue
        both = (set(a.grams) & set(b.grams)) - usual
        in_a, in_b = _covered(a.grams, both) & a.own, _covered(b.grams, both) & b.own
        least = min(len(in_a), len(in_b))
        if least >= LEAST:
            similarity = (len(in_a) + len(in_b)) / (len(a.own) + len(b.own))
            shares = len(in_a) / len(a.own), len(in_b) / len(b.own)
            yield Pair(one, other, "alike", similarity, *shares, least, _lines(a, in_a), _lines(b, in_b))


def _lines(document: Document, places: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({document.tokens[at].line for at in places}))


def _plain(content: bytes) -> bytes:
    """The content without what editors change by themselves: line ends, and spaces before them."""
    return b"\n".join(line.rstrip() for line in content.strip().splitlines())


def _groups(pairs: Sequence[Pair]) -> tuple[tuple[str, ...], ...]:
    """Who hangs together by a pair or several, in groups of three or more."""
    leader: dict[str, str] = {}

    def find(id: str) -> str:
        while leader.setdefault(id, id) != id:
            id = leader[id]
        return id

    for pair in pairs:
        one, other = sorted((find(pair.first), find(pair.second)))
        leader[other] = one
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for id in sorted(leader):
        groups[find(id)].append(id)
    return tuple(tuple(group) for group in groups.values() if len(group) > 2)


# --- what is there ---------------------------------------------------------------------------------------------------


def _handed_in(out: Path) -> tuple[str, dict[str, bytes]]:
    """The assignment, and the file of each submission that has one."""
    if not out.is_dir():
        raise SimilarError(f"{out}: found no such folder; allowed: the OUT of autograder grade")
    name, contents = "", {}
    for path in sorted(out.glob("*/results.json")):
        try:
            name = json.loads(path.read_text(encoding="utf-8"))["extra_data"]["assignment"]
            contents[path.parent.name] = (path.parent / f"{name}.py").read_bytes()
        except (OSError, ValueError, KeyError, TypeError):
            continue  # nothing was handed in, or it is not one of ours
    if not name:
        raise SimilarError(f"{out}: found no results; allowed: the OUT of autograder grade")
    return name, contents


def _forms(assignment: Assignment) -> list[bytes]:
    """The template and the programs that the course itself knows."""
    solution = _read(assignment.folder / "solution.py")
    try:
        blank = template(solution.decode("utf-8", "replace"), file=str(assignment.folder / "solution.py")).encode()
    except TemplateError as error:
        raise SimilarError(str(error)) from None
    return [solution, blank, *(_read(path) for path in sorted((assignment.folder / "right").glob("*.py")))]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SimilarError(f"{path}: found no readable file ({error.strerror}); allowed: a Python file") from None
