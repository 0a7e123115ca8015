"""Labels whose words say that a login is told elsewhere, has changed, or is none, rather than tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.changed import is_about_login
from bot.domain.proxy_parsing.label_values import OF_LOGIN, Label
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE
from bot.domain.proxy_parsing.words import is_secret

_DENIED = re.compile(
    r"(?<![^\W_])(?:no|without|w/o|нет|без|не нужен|không|khong|ko|k|hk|sin|sem|ohne|kein\w*|sans)"
    r"(?:[ \t]+(?:có|co|any|a|need[ \t]+for))?[ \t]+\Z|(?:没有?|無|无)[ \t]*\Z",
    re.IGNORECASE,
)
_FAR = 20


def is_elsewhere(word: str, label: Label) -> bool:
    """Whether a value that begins so says that it is told elsewhere: "same", "is in the chat"."""
    bare = word.strip(".,;!?()").lower()
    alone = label.signed and label.end - label.start <= len(word)
    return (bare in ELSEWHERE and not (alone and bare.isascii() and len(bare) < 4)) or (
        not label.signed and bare in PROSE and len(bare) < 4
    )


def is_said(view: View, label: Label) -> bool:
    """Whether no sign stands between a label and what is behind it: "the port is busy"."""
    return not re.search(r"[^\w\s]", label.join(view.plain))


def is_said_about_login(view: View, label: Label, word: str) -> bool:
    """Whether the word behind a label, with no sign between, says something of the login rather than being it."""
    return is_said(view, label) and is_about_login(word.strip(".,:;!?()"))


def goes_on(label: Label, words: Sequence[str]) -> bool:
    """Whether what stands behind a label is a sentence about the user, of which the first word is none.

    So with "login starts with sp, then sp7741" and "логин большими GRAND".
    """
    first, *others = (word.strip(".,;!?()") for word in words)
    if label.signed or is_secret(first):
        return False
    foreign = first.isalpha() and not first.isascii()
    if foreign:
        return any(word.isascii() and word.isalnum() for word in others)
    return any(map(is_secret, others[1:]))  # "login ana Pw1secret" tells both


def is_denied(plain: str, label: Label) -> bool:
    """Whether it is said in front of a label that there is no such thing: "không có pass nha", "no password thanks"."""
    value = plain[label.start : label.end]
    if label.part not in OF_LOGIN or label.signed or label.quoted or any(map(is_secret, value.split())):
        return False
    return _DENIED.search(plain, max(0, label.begin - _FAR), label.begin) is not None
