"""Choices of single codes, where they differ from their draft's."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.choices import with_own
from bot.domain.draft import OwnChoices
from bot.domain.draft_transitions import noticed
from bot.domain.proxy import SECRET_KINDS
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.draft_changes import replace_draft
from bot.usecases.drafting import DraftButton, press
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import StoredDraft


@dataclass(frozen=True, slots=True)
class SetCodeChoices:
    """``own`` replaces what the code had of its own; with nothing in it the code has the draft's choices again."""

    button: DraftButton
    code: TransferCode
    own: OwnChoices


def set_code_choices(work: UnitOfWork, actor: Actor, command: SetCodeChoices) -> ButtonResult:
    """Give one code of the draft choices of its own."""
    require(actor, UseCase.SET_CODE_CHOICES)

    def act(stored: StoredDraft) -> ButtonResult:
        proxy = command.own.proxy
        if proxy is not None and proxy.kind in SECRET_KINDS and not stored.where.private:
            raise OldButton("proxies with a secret are chosen in private")
        try:
            draft = with_own(stored.draft, command.code, command.own)
        except InputError as mistake:
            draft = noticed(stored.draft, mistake)
        replace_draft(work, stored, draft, repost=False)
        return ButtonResult()

    return press(work, actor, command.button, act)
