"""What the use cases need of the messages that ask for a typed answer."""

from __future__ import annotations

from typing import Protocol

from bot.domain.draft import Step
from bot.usecases.records import Prompt


class ReplyPrompts(Protocol):
    """The prompt of each draft, of which it has one at most."""

    def want(self, draft_id: int, step: Step) -> None:
        """A prompt for this is to be sent."""

    def sent(self, draft_id: int, step: Step, message_id: int) -> None:
        """It is this message."""

    def forget(self, draft_id: int, prompt: Prompt) -> None:
        """The draft has this prompt no more; where it has another by now, that stays."""
