"""What a transfer code is imported with: the choices of its draft, or its own where those differ."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from bot.domain.draft import LONGEST_NOTE, DefaultGroup, Draft, GroupAnswer, OwnChoices
from bot.domain.proxy import Keep, ProxyChoice, complete
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton


@dataclass(frozen=True, slots=True)
class Choices:
    """What one code is imported with. ``bypass`` is empty where no list is sent."""

    group: GroupAnswer
    proxy: ProxyChoice
    bypass: tuple[str, ...]
    note: str


def choices_of(draft: Draft, code: TransferCode) -> Choices:
    """What this code of the draft is imported with; what is not answered yet is the default group and Keep."""
    own = draft.own.get(code, OwnChoices())
    group = own.group or draft.group or DefaultGroup()
    proxy = own.proxy or draft.proxy or Keep()
    bypass = draft.bypass if own.bypass is None else own.bypass
    note = draft.note if own.note is None else own.note
    return Choices(group, proxy, () if isinstance(proxy, Keep) else bypass, note)


def with_own(draft: Draft, code: TransferCode, own: OwnChoices) -> Draft:
    """The draft with these choices for one of its codes; those before are replaced.

    Raises ``OldButton`` where the code is not in the draft or a proxy is not complete, and ``InputError`` for a note
    that is too long.
    """
    if code not in draft.codes:
        raise OldButton("the code is not in the draft")
    if own.proxy is not None and not complete(own.proxy):
        raise OldButton("the proxy is not complete")
    if len(own.note or "") > LONGEST_NOTE:
        raise InputError("long_note", most=str(LONGEST_NOTE))
    others = {other: choices for other, choices in draft.own.items() if other != code}
    differs = any(getattr(own, each.name) is not None for each in fields(own))
    return replace(draft, own={**others, code: own} if differs else others)
