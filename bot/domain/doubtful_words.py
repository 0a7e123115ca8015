"""Words behind a command, or typed where words are asked for: whether they may hold a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.hosts import is_evident
from bot.domain.message_secrets import MessageSecrets, secrets_in
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.words import is_password
from bot.domain.typed_proxy import choice_of
from bot.errors import InputError

#: What stands in place of words that may hold a secret.
HIDDEN = "••••"

_COLON = re.compile("[:：]")
_BETWEEN_FIELDS = re.compile(r"[\"':：|;,=/@]+")
#: A page, a file, and a port with a path: digits and letters in them are no password.
_PAGE = re.compile(r"\S*://\S*|[\w-]+(?:\.[\w-]+)+/\S*|[A-Za-z]:\\\S*|\\\\\S+")
_PATH = re.compile(r"(?:[0-9]{1,5})?[/\\].*")
#: A user and a password are no more words.
_WORDS_OF_LOGIN = 2


def may_hold_secret(words: str) -> bool:
    """Whether nothing may be done with such words but to look through them."""
    found = secrets_in(words, None)
    return found.certain or found.doubtful or holds_pair(words)


def holds_pair(text: str) -> bool:
    """Whether a word of it may be a name and a password with a colon between, as ``ana:Pw1secret``."""
    return any(map(_is_pair, text.split()))


def _is_pair(word: str) -> bool:
    name, *fields = _COLON.split(word)
    return any(map(str.isalpha, name)) and not _PAGE.fullmatch(word) and any(map(_has_look, fields))


def _has_look(field: str) -> bool:
    """Whether a field looks like a password. JSON and paths are made of fields as well."""
    if not field.isascii() or '"' in field or _PATH.fullmatch(field) or is_type(field) or is_evident(field):
        return False
    return is_password(field)


def has_password_look(text: str) -> bool:
    """Whether anything in it looks like a password; digits and letters in the addresses of pages do not count."""
    return any(map(_has_look, _fields(text)))


def _fields(text: str) -> Iterator[str]:
    for word in text.split():
        if not _PAGE.fullmatch(word):
            yield from _BETWEEN_FIELDS.split(word)


def is_likely_login(text: str, found: MessageSecrets) -> bool:
    """Whether a text, in which this was ``found``, is likely to hold a login, though perhaps none that can be read.

    Product numbers look like passwords too. So that counts beside what is doubtful, and where little else stands.
    """
    if found.certain or holds_pair(text):
        return True
    alone = text.isascii() and len(text.split()) <= _WORDS_OF_LOGIN
    return has_password_look(text) and (found.doubtful or alone)


def is_read_with_login(text: str) -> bool:
    """Whether a text can be read as a proxy with a login, which may also be part of a name."""
    try:
        choice, _ = choice_of(text)
    except InputError:
        return False
    return choice.unclear is not None or bool(choice.user)
