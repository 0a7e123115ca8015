"""What must be typed in a group chat is asked by a message of its own, which its person replies to.

A bot is shown little of what is said in a group chat; a reply to it always is. The card can't be that message: phones
open a reply by themselves only to one that can't be edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.draft import SEARCH_STEPS, Step, step
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, Prompt, StoredDraft

#: Steps that are answered by typing; a search is asked for once its person wants to. A secret is not typed where others
#: read it.
TYPED_STEPS = frozenset({Step.CODES, Step.GROUP_TITLE, Step.BYPASS, Step.HANDOFF_NOTE})


@dataclass(frozen=True, slots=True)
class PromptChange:
    """What is to be done about a draft's prompt: which one is over, and what is to be asked by a new one."""

    over: Prompt | None = None
    asked: Step | None = None


def prompt_change(stored: StoredDraft) -> PromptChange:
    """A prompt is over when it was answered or its step was left; what was answered has the card moved below it."""
    there = stored.prompt
    asked = _asked(stored, there)
    if there is not None and there.step is asked and there.message_id is None:
        return PromptChange(asked=asked)
    if there is not None and there.step is asked and not stored.card.repost:
        return PromptChange()
    return PromptChange(there, _asked(stored, None))


def _asked(stored: StoredDraft, wanted: Prompt | None) -> Step | None:
    """What is to be typed now, where there is a prompt that is ``wanted`` or none."""
    if stored.where.private or stored.state is not DraftState.OPEN:
        return None
    asked = step(stored.draft)
    if asked in TYPED_STEPS or (asked in SEARCH_STEPS and wanted is not None and wanted.step is asked):
        return asked
    return None


def end_prompt(work: UnitOfWork, stored: StoredDraft, prompt: Prompt | None) -> None:
    """A prompt was answered, or its step was left: have its message deleted."""
    if prompt is None:
        return
    work.prompts.forget(stored.id, prompt)
    if prompt.message_id is not None:
        work.outbox.delete_card(stored.where, prompt.message_id, work.now)
        work.signals.chat_behind(stored.where.chat_id)
