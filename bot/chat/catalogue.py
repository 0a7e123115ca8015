"""Sentences in another language: read from the file that translators edit, when the first of them is needed.

Compiled files would be read faster (1.4 ms instead of 20 ms once a language and process, measured), but they would have
to be made anew after every change, in every clone, and be merged as binary files.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path


class Catalogue:
    """``messages`` has the plural forms of each sentence, one where it has no plural; ``form`` chooses among them."""

    def __init__(self, messages: Mapping[str, Sequence[str]], form: Callable[[int], int]) -> None:
        self._messages = messages
        self._form = form

    def one(self, message: str) -> str:
        """The translation; the sentence itself where there is none."""
        found = self._messages.get(message)
        return message if found is None else found[0]

    def plural(self, one: str, other: str, count: int) -> str:
        """The translation in the form for the number; by the rule of English where there is none."""
        found = self._messages.get(one)
        if found is None:
            return one if count == 1 else other
        return found[self._form(count)]


def catalogue_file(folder: Path, locale: str) -> Path:
    return folder / locale / "LC_MESSAGES" / "messages.po"


@lru_cache(maxsize=16)
def read_catalogue(folder: Path, locale: str) -> Catalogue:
    """The catalogue of a language; an empty one where there is no file of it."""
    file = catalogue_file(folder, locale)
    if not file.is_file():
        return Catalogue({}, int)
    from babel.messages.pofile import read_po  # noqa: PLC0415 - where all people read English it is not needed

    with file.open("rb") as opened:
        catalog = read_po(opened, locale=locale)
    messages: dict[str, Sequence[str]] = {}
    for message in catalog:
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if message.id and forms and all(forms) and not message.fuzzy:
            messages[message.id if isinstance(message.id, str) else message.id[0]] = forms
    return Catalogue(messages, gettext.c2py(catalog.plural_expr))
