"""What people type in tests of the use cases, and what becomes of it."""

from __future__ import annotations

from bot.domain.draft import Notice, Step, step
from bot.domain.draft_answers import Change
from bot.domain.proxy import Custom, ProxyType
from bot.usecases.message_deletion import MessageFate
from bot.usecases.sent_messages import Received, TakeText
from tests.usecases.conversation import Conversation

SECRET = "socks5://ana:hunter2@203.0.113.7:1080"
PROXY = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")
ALMOST = "1111222-33334444"
#: What becomes of a proxy that is taken, with its message deleted.
TAKEN = Received(notice=Notice("proxy_taken"), fate=MessageFate.DELETED, used=True)
ANSWERED = Received(fate=MessageFate.ANSWER_DELETED)


def text(conversation: Conversation, said: str, *, addressed: bool = True) -> TakeText:
    return TakeText(conversation.where, said, addressed, message_id=5)


async def codes(conversation: Conversation) -> list[str]:
    return [code.text for code in (await conversation.draft()).codes]


async def asked_for(conversation: Conversation, *answers: object) -> Step:
    """The question after these answers about another proxy."""
    await conversation.ready()
    for given in (Change(Step.PROXY), *answers):
        await conversation.answer(given)  # type: ignore[arg-type]  # every answer there is
    return step(await conversation.draft())
