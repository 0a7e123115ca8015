"""Words behind a command, or typed where words are asked for: whether they may hold a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.login_pairs import has_look, holds_pair, is_page
from bot.domain.message_secrets import MessageSecrets, secrets_in
from bot.domain.typed_proxy import choice_of
from bot.errors import InputError

#: What stands in place of words that may hold a secret.
HIDDEN = "••••"

_BETWEEN_FIELDS = re.compile(r"[\"':：|;,=/@]+")
#: "KR-4471-BLK", names of rows such as "FB_Ads_51", and the numbers of Amazon and UPS.
_NUMBER_OF_PRODUCT = re.compile(
    r"[A-Z0-9]+(?:[-_][A-Z0-9]+)+|[A-Z]\w*(?:[-_][A-Z]\w*)*[-_][0-9]{1,4}|B0[A-Z0-9]{8}|1Z[A-Z0-9]{16}", re.ASCII
)
#: A user and a password are no more words.
_WORDS_OF_LOGIN = 2


def may_hold_secret(words: str) -> bool:
    """Whether nothing may be done with such words but to look through them."""
    found = secrets_in(words, None)
    return found.certain or found.doubtful


def has_password_look(text: str) -> bool:
    """Whether anything in it looks like a password; digits and letters in the addresses of pages do not count."""
    return any(map(has_look, _fields(text)))


def _fields(text: str) -> Iterator[str]:
    for word in text.split():
        if not is_page(word):
            yield from _BETWEEN_FIELDS.split(word)


def is_likely_login(text: str, found: MessageSecrets) -> bool:
    """Whether a text, in which this was ``found``, is likely to hold a login, though perhaps none that can be read.

    Product numbers look like passwords too. So that counts beside what is doubtful, and where little else stands.
    """
    if found.certain or holds_pair(text):
        return True
    alone = text.isascii() and len(text.split()) <= _WORDS_OF_LOGIN
    looks = any(has_look(field) and not _NUMBER_OF_PRODUCT.fullmatch(field) for field in _fields(text))
    return looks and (found.doubtful or alone)


def is_read_with_login(text: str) -> bool:
    """Whether a text can be read as a proxy with a login, which may also be part of a name."""
    try:
        choice, _ = choice_of(text)
    except InputError:
        return False
    return choice.unclear is not None or bool(choice.user)
