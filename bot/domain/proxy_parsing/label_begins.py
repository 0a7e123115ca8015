"""Where the value of a label begins: the sign in front of it may be its own, "login ana password =Pw1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.label_values import OF_LOGIN_OR_PORT, Label
from bot.domain.proxy_parsing.vocabulary import Part

#: A sign with a space in front of it alone, and one that stands twice.
_ODD = re.compile(r"[ \t]+(?P<lone>[:=>])|(?P<twice>[:=])(?P=twice)")
_ADDRESS_OR_LOGIN = OF_LOGIN_OR_PORT | {Part.HOST}


def with_own_signs(plain: str, labels: Sequence[Label]) -> list[Label]:
    """The labels, of which those of a password begin at the sign in front where it may be a part of the value.

    It may be where no other label has it. Such a label is not ``signed``.
    """
    joined = [_join(plain, each) for each in labels if each.part in _ADDRESS_OR_LOGIN]
    found: list[Label] = []
    for label in labels:
        odd = _ODD.fullmatch(_join(plain, label)) if label.part is Part.PASSWORD and not label.quoted else None
        sign = odd and (odd["lone"] or odd["twice"] * 2)
        alone = sign and len(joined) > 1 and sum(sign in join for join in joined) == 1
        found.append(replace(label, start=label.start - 1, signed=False) if alone else label)
    return found


def begins_with_sign(value: str, label: Label) -> bool:
    """Whether it is not clear whether the sign that a value begins with is a part of it."""
    return not label.signed and not label.quoted and value[:1] in tuple(":=>")


def _join(plain: str, label: Label) -> str:
    return plain[label.begin + len(label.name) : label.start]
