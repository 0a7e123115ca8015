"""A name and a password with a sign between, and nothing else that says that this is a login."""

from __future__ import annotations

import re

from bot.domain.hosts import is_evident
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.words import is_password

_COLON = re.compile("[:：]")
#: "ana / Pw1secret": with another sign only where nothing else stands.
_ALONE = re.compile(r"\s*[^\W\d][^\s:/@|]{1,63}[ \t]+[/|][ \t]+(?P<password>\S+)\s*")
#: A page, a file, and a port with a path: digits and letters in them are no password.
_PAGE = re.compile(r"\S*://\S*|[\w-]+(?:\.[\w-]+)+/\S*|[A-Za-z]:\\\S*|\\\\\S+")
_PATH = re.compile(r"(?:[0-9]{1,5})?[/\\].*")


def holds_pair(text: str) -> bool:
    """Whether a word of it may be a name and a password, as ``ana:Pw1secret``, or all of it, as ``ana / Pw1secret``."""
    alone = _ALONE.fullmatch(text)
    return (alone is not None and has_look(alone["password"])) or any(map(_is_pair, text.split()))


def has_look(field: str) -> bool:
    """Whether a field looks like a password. JSON and paths are made of fields as well."""
    if not field.isascii() or '"' in field or _PATH.fullmatch(field) or is_type(field) or is_evident(field):
        return False
    return is_password(field)


def is_page(word: str) -> bool:
    """Whether a word is the address of a page, or of a file."""
    return _PAGE.fullmatch(word) is not None


def _is_pair(word: str) -> bool:
    name, *fields = _COLON.split(word)
    return any(map(str.isalpha, name)) and not is_page(word) and any(map(has_look, fields))
