"""Values that a label calls a password, a login or a key, with an address or without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.labels import find_labels
from bot.domain.proxy_parsing.links import links_in
from bot.domain.proxy_parsing.mistyped import is_mistyped
from bot.domain.proxy_parsing.tidy import tidy
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE, Part, is_about_rotation
from bot.domain.proxy_parsing.words import is_password, is_secret

Span = tuple[int, int]

_NAMED = frozenset({Part.PASSWORD, Part.LOGIN})
_KEY = re.compile(r"[0-9]{4,}|[A-Z2-7]{8,}|\S{16,}")
_WITH_VALUE = re.compile(
    r"(?<![\w@:/.-])(?P<word>[^\W\d_]{5,14})(?P<sign>[ \t]*[:=][ \t]*|[ \t]+[-–—][ \t]+|[ \t]+)(?P<value>[^\s:]\S*)"
)
#: A password in a sentence, some words behind its label: "the password for the shop is Pw1secret".
_NAMED_IN_SENTENCE = re.compile(
    r"(?<![^\W_])(?:passwords?|парол\w{1,2}|mật khẩu|passphrase|logins?|логин\w?|credentials|creds)"
    r"[ \t]+(?P<rest>[^\n]{1,100})",
    re.IGNORECASE,
)
#: Words beside which what has the look of a password hardly is anything else, whatever stands between.
_SPOKEN = re.compile(
    r"(?<![^\W_])(?:passwords?|passwd|pass|pwd|pw|p/w|u/p|creds|credentials|bearer|token|(?:api|secret|access)[ _-]?key"
    r"|key for|парол\w{1,2}|пасс|доступы?|креды|ключ|логин\w?|mật khẩu|mk|khóa)(?![^\W_])|密码|密碼|口令|密钥|秘钥",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]+")
_ASCII = re.compile(r"[!-~]+")
_EXCUSES = frozenset({"sorry", "oops", "извини", "извините", "простите", "对不起", "抱歉", "xin", "lỗi"})
_SAID = re.compile(r"(?<!\S)(?:is|are|to|это|на|là|-|–|—|=|:)[ \t]+|:[ \t]+", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_NEAR = 5  # as many words may stand between
_LOGIN_IN_VALUE = re.compile(r"\S+:\S+@")


def named_secrets(plain: str, labels: Sequence[Label]) -> tuple[Span, ...]:
    """Where such values stand."""
    found = [(each.start, each.end) for each in labels if each.end > each.start and _names_secret(plain, each)]
    known = {start for start, _ in found}
    found += [span for span in _by_other_words(plain) if span[0] not in known]
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
        is_talk = bool(words) and _bare(words[0]) in ELSEWHERE | PROSE and not any(map(is_secret, words))
        return label.signed or not is_talk
    if label.part is Part.SECRET:
        return any(is_secret(word.strip(".,;:!?")) or bool(_KEY.fullmatch(word)) for word in words[:2])
    # A login in the link that changes the address
    return label.part is Part.OTHER and is_about_rotation(label.name) and bool(_LOGIN_IN_VALUE.search(value))


def _bare(word: str) -> str:
    return word.strip(".,;:!?()").lower()


def _by_other_words(plain: str) -> Iterator[Span]:
    for match in _WITH_VALUE.finditer(plain):
        signed = bool(match["sign"].strip())
        if (signed or is_secret(match["value"])) and is_mistyped(match["word"], (Part.PASSWORD,)):
            yield match.span("value")
    for line in _LINE.finditer(plain):
        if _SPOKEN.search(line[0]) is None:
            continue
        for word in _ASCII.finditer(plain, *line.span()):
            if is_password(word[0]) and not links_in(word[0]):
                yield word.span()
    for match in _NAMED_IN_SENTENCE.finditer(plain):
        said = _SAID.search(plain, match.start("rest"), match.end())
        for word in list(_WORD.finditer(plain, said.end(), match.end()))[:_NEAR] if said else ():
            if is_secret(word[0].strip(".,;:!?()\"'")) and not links_in(word[0]):
                yield word.span()
                break
