"""Searching a list in a group chat, where what is searched for is asked by a message of its own."""

from __future__ import annotations

from bot.domain.draft import SEARCH_STEPS, step
from bot.errors import OldButton
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.drafting import DraftButton, press
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.prompting import end_prompt
from bot.usecases.records import StoredDraft


def ask_search(work: UnitOfWork, actor: Actor, command: DraftButton) -> ButtonResult:
    """Have the person asked what to search for. Pressed again it is asked anew."""
    require(actor, UseCase.ASK_SEARCH)

    def act(stored: StoredDraft) -> ButtonResult:
        asked = step(stored.draft)
        if stored.where.private or asked not in SEARCH_STEPS:
            raise OldButton("nothing to search here")
        end_prompt(work, stored, stored.prompt)
        work.prompts.want(stored.id, asked)
        work.cards.mark_outdated([stored.id])
        return ButtonResult()

    return press(work, actor, command, act)
