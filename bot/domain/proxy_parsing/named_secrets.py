"""Values that a label calls a password, a login or a key, with an address or without one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.access_codes import access_codes
from bot.domain.proxy_parsing.key_shapes import keys_in
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.labels import find_labels
from bot.domain.proxy_parsing.spoken_secrets import spoken_secrets
from bot.domain.proxy_parsing.talk import is_talk
from bot.domain.proxy_parsing.tidy import tidy
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE, Part, is_about_rotation
from bot.domain.proxy_parsing.words import is_secret

Span = tuple[int, int]

_NAMED = frozenset({Part.PASSWORD, Part.LOGIN})
_KEY = re.compile(r"[0-9]{4,}|[A-Z2-7]{8,}|\S{16,}")
_EXCUSES = frozenset({"sorry", "oops", "извини", "извините", "простите", "对不起", "抱歉", "xin", "lỗi"})
#: What joins a value on, beside words for "is".
_SIGN = re.compile(r"[^\w\s]|\n|[是为為]")
_LOGIN_IN_VALUE = re.compile(r"\S+:\S+@")


def named_secrets(plain: str, labels: Sequence[Label]) -> tuple[Span, ...]:
    """Where such values stand."""
    found = [(each.start, each.end) for each in labels if each.end > each.start and _names_secret(plain, each)]
    for start, end in (*spoken_secrets(plain), *access_codes(plain), *keys_in(plain)):
        if not any(begin <= start < to for begin, to in found):
            found.append((start, end))
    return tuple(sorted(found))


def labelled_password(text: str) -> str | None:
    """The password in a text that says no more than that it is one: "password: Pw1secret", "密码是Pw1secret"."""
    tidied = tidy(text)
    plain = tidied.plain
    labels = find_labels(plain)
    if len(labels) != 1 or labels[0].part is not Part.PASSWORD or "\n" in plain:
        return None
    [label] = labels
    value, before = plain[label.start : label.end], plain[: label.begin]
    # "pass:word" may be a password, and words with no label's sign a passphrase.
    said = plain[label.begin : label.start].rstrip("\"'`“")
    parted = said[-1:].isspace() and (label.signed or len(said.split()) > 1)
    if not value or len(value.split()) != 1 or plain[label.end :].strip(" .!\"'") or _bare(value) in ELSEWHERE | PROSE:
        return None
    told = all(_bare(word) in PROSE | _EXCUSES for word in before.split())
    return tidied.typed(label.start, label.end) if told and (parted or not said.isascii()) else None


def _names_secret(plain: str, label: Label) -> bool:
    value = plain[label.start : label.end].strip()
    words = value.split()
    if label.part in _NAMED:
        is_elsewhere = bool(words) and _bare(words[0]) in ELSEWHERE | PROSE and not any(map(is_secret, words))
        if label.signed and _SIGN.search(plain, label.begin + len(label.name), label.start):
            return True
        return not (is_talk(value) or (is_elsewhere and not label.signed))
    if label.part is Part.SECRET:
        return any(is_secret(word.strip(".,;:!?")) or bool(_KEY.fullmatch(word)) for word in words[:2])
    # A login in the link that changes the address
    return label.part is Part.OTHER and is_about_rotation(label.name) and bool(_LOGIN_IN_VALUE.search(value))


def _bare(word: str) -> str:
    return word.strip(".,;:!?()").lower()
