"""Telegram's HTML as the terminal shows it: plain text, and the styles of its parts."""

from __future__ import annotations

from html.parser import HTMLParser

#: A style over a part of the text: where it begins, where it ends, and the name of its tag.
Span = tuple[int, int, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.spans: list[Span] = []
        self._open: list[tuple[str, int]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - a terminal shows no links
        self._open.append((tag, len(self.text)))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - tags that are not nested are taken as they come
        if self._open:
            name, start = self._open.pop()
            self.spans.append((start, len(self.text), name))


def read_html(source: str) -> tuple[str, tuple[Span, ...]]:
    """The plain text and its styles. What is no HTML is taken as text; nothing is refused."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.text, tuple(reader.spans)
