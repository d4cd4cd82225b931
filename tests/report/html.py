"""A page as a browser's parser sees it: elements with their attributes, and the text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "input", "base", "hr", "wbr"})
CELLS = frozenset({"td", "th", "dt", "dd", "li", "p", "h3"})


class Page(HTMLParser):
    """Fails on a tag that is closed in the wrong place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.styles: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in CELLS:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        (self.styles if self._open and self._open[-1] == "style" else self.texts).append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def all(self, tag: str, kind: str = "") -> list[dict[str, str]]:
        return [about for name, about in self.elements if name == tag and kind in about.get("class", "")]

    @property
    def ids(self) -> list[str]:
        return [about["id"] for _, about in self.elements if "id" in about]
