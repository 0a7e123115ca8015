"""Who asks to be let in, and the admins who answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.storage.access_requests import access_requests
from bot.storage.shared_cards import shared_cards
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_requests import (
    AnswerRequest,
    Asked,
    AskForAccess,
    RequestAnswered,
    Standing,
    answer_request,
    ask_for_access,
)
from bot.usecases.actor import Actor
from bot.usecases.records import Role
from bot.usecases.shared_card_rows import SharedKind
from tests.usecases.conversation import ADMINS_BY_SETTINGS, BOSS, NOW, Conversation

T = TypeVar("T")

SAM = Actor(7, "Sam", None, "vi")
SETTINGS_ADMIN = Actor(41, "Kim", Role.ADMIN, "en")
ADMINS = {BOSS.user_id, *ADMINS_BY_SETTINGS}
DAY = timedelta(days=1)


class Door:
    """The use cases at a moment that the test chooses, with Boss an admin of the database and two by the settings."""

    def __init__(self, conversation: Conversation) -> None:
        self.now = NOW
        self.talk = conversation
        self.store = SqlStore(conversation.database, now=self._moment, admins=ADMINS_BY_SETTINGS)

    def _moment(self) -> datetime:
        return self.now

    async def do(self, use_case: Callable[[SqlWork, Actor, Any], T], actor: Actor, command: object) -> T:
        return await self.store.write(use_case, actor, command)

    async def ask(self, actor: Actor = SAM, username: str = "") -> Asked:
        return await self.do(ask_for_access, actor, AskForAccess(username))

    async def ask_many(self, count: int, first: int = 2000) -> None:
        for number in range(first, first + count):
            assert await self.ask(replace(SAM, user_id=number)) == Asked(Standing.ASKED)

    async def answer(self, request_id: int, *, allow: bool, by: Actor = BOSS) -> RequestAnswered | None:
        return await self.do(answer_request, by, AnswerRequest(by.user_id, request_id, allow=allow))

    async def requests(self) -> Sequence[Any]:
        return await self.talk.rows(access_requests)

    async def cards(self, kind: SharedKind) -> set[tuple[int, int]]:
        """The copies: of which row, and whose."""
        return {
            (row["subject_id"], row["user_id"]) for row in await self.talk.rows(shared_cards) if row["kind"] == kind
        }

    async def role_of(self, user_id: int) -> Role | None:
        user = await self.store.read(lambda work: work.users.find(user_id))
        return None if user is None else user.role
