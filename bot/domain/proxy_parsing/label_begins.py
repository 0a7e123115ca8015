"""Where the value of a label begins: the sign in front of it may be its own, "login ana password =Pw1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.label_values import OF_LOGIN_OR_PORT, Label
from bot.domain.proxy_parsing.vocabulary import Part

#: Signs of which the second may be a value's first.
_OF_TWO = frozenset({"==", "::", "=>", ":>"})
#: A sign with a space in front of it alone.
_LONE = re.compile(r"[ \t]+(?P<sign>[:=>])")
_DASHES = tuple("-–—")
_ADDRESS = frozenset({Part.HOST, Part.PORT})
_USER_OR_PASSWORD = frozenset({Part.USER, Part.PASSWORD})
_ADDRESS_OR_LOGIN = OF_LOGIN_OR_PORT | {Part.HOST}


def with_own_signs(plain: str, labels: Sequence[Label]) -> list[Label]:
    """The labels, of which those of a password begin at the sign in front where it may be a part of the value.

    It may be where no other label has it. Such a label is not ``signed``.
    """
    joined = [each.join(plain) for each in labels if each.part in _ADDRESS_OR_LOGIN]
    found: list[Label] = []
    for label in labels:
        lone = _LONE.fullmatch(label.join(plain)) if label.part is Part.PASSWORD and not label.quoted else None
        alone = lone and len(joined) > 1 and sum(lone["sign"] in join for join in joined) == 1
        found.append(replace(label, start=label.start - 1, signed=False) if alone else label)
    return found


def with_doubtful_signs(matches: Sequence[re.Match[str]], labels: Sequence[Label]) -> list[Label]:
    """The labels, each with what of its sign may begin its value: of a sign of two that no other label has."""
    signs = [match["join"] for match in matches]
    return [
        replace(label, sign=sign[1:]) if sign in _OF_TWO and signs.count(sign) == 1 and not label.quoted else label
        for sign, label in zip(signs, labels, strict=True)
    ]


def with_doubtful_dashes(typed: str, plain: str, labels: Sequence[Label]) -> list[Label]:
    """The labels, each with its dash and itself where these may begin the value: "user-ana pass-word1".

    ``typed`` is the text in which the dash was not respelled. A dash that the host or the port has too is none of a
    value, and neither is one behind a name in other letters.
    """

    def is_dashed(label: Label) -> bool:
        return typed[label.start - 1 : label.start] in _DASHES and plain[label.start - 1] == ":"

    if any(each.part in _ADDRESS and is_dashed(each) for each in labels):
        return list(labels)
    return [
        replace(each, sign=typed[each.begin : each.start].rsplit(maxsplit=1)[-1])
        if each.part in _USER_OR_PASSWORD and each.name.isascii() and is_dashed(each)
        else each
        for each in labels
    ]


def begins_with_sign(value: str, label: Label) -> bool:
    """Whether a value begins with a sign that may be a part of it, or of its label."""
    return not label.signed and not label.quoted and value[:1] in tuple(":=>")
