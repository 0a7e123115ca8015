"""What the use cases need of the links by which somebody goes on in private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PrivateLink:
    """A link: for whom it is, for which draft of a group chat, until when, and whether it was used."""

    user_id: int
    draft_id: int
    expires_at: datetime
    used: bool


class PrivateLinks(Protocol):
    """Links are kept by a hash of their token alone, so that nobody who reads the database can use one."""

    def add(self, token: str, link: PrivateLink) -> None: ...

    def find(self, token: str) -> PrivateLink | None: ...

    def use(self, token: str) -> bool:
        """Note that it was used; False when it was already, or is not there."""

    def forget_of(self, user_id: int) -> None:
        """Nobody comes by a link of this person's any more."""

    def open_draft(self, draft_id: int) -> int | None:
        """The open private draft in which somebody goes on with this draft of a group chat."""
