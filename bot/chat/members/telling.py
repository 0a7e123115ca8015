"""What people are told when somebody's role has changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.chat import words
from bot.chat.callbacks import MEMBERS, Press, button
from bot.chat.cards import begin_button
from bot.chat.members import texts
from bot.chat.telling import tell
from bot.chat.translator import Html, Translator
from bot.usecases.leaving import Unsent
from bot.usecases.members import Change, Member, RoleChanged
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons, Role
from bot.usecases.roles import rank


def tell_role(work: UnitOfWork, user_id: int, was: Role | None, role: Role | None, otherwise: str = "") -> None:
    """Have somebody told that they have another role, or none any more, and what they can do now.

    In the language ``otherwise`` where none is known of them.
    """

    def buttons(t: Translator) -> Buttons:
        return [[begin_button(t)]] if rank(role) > rank(Role.VIEWER) >= rank(was) else []

    tell(work, user_id, lambda t: texts.told(t, was, role), buttons=buttons, otherwise=otherwise)


def follow_removal(work: UnitOfWork, person: Member, changed: RoleChanged) -> None:
    """Have somebody told that they were removed, and an admin given the codes that they had in the queue."""
    if changed.change is Change.DONE:
        tell_role(work, person.id, person.role, None)
        if changed.unsent.kept:
            _tell_of_codes(work, texts.short_name(person), changed.unsent)


def _tell_of_codes(work: UnitOfWork, name: str, unsent: Unsent) -> None:
    """Have the admin told for whom somebody's codes were kept, with a button a list of them."""

    def said(t: Translator) -> Html:
        return texts.codes_kept(t, name, unsent.cancelled, unsent.going_on)

    tell(work, unsent.kept_for, said, buttons=partial(_show, unsent.kept), silent=True)


def _show(kept: Sequence[int], t: Translator) -> Buttons:
    label = words.show_code(t)
    labels = [label] if len(kept) == 1 else [Html(f"{label} {number}") for number in range(1, len(kept) + 1)]
    return [[button(each, Press(MEMBERS, kept_id, 0, "codes"))] for each, kept_id in zip(labels, kept, strict=True)]
