"""Codes that one person has left for another, or for the team, by the use cases themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.draft import Receiver, Step
from bot.domain.draft_answers import Answer, Change, ExpiryPicked, HandOverWanted, ReceiverPicked, Typed
from bot.usecases.actor import Actor, Person, identify
from bot.usecases.drafting import AnswerDraft, DraftButton, answer
from bot.usecases.given_handoffs import ReassignHandoff, reassign_handoff, withdraw_handoff
from bot.usecases.handing_over import hand_over
from bot.usecases.handoff_rows import Handoff
from bot.usecases.ports import UnitOfWork
from bot.usecases.receiving import HandoffButton, take_handoff
from bot.usecases.records import Place, Role
from tests.standins.telegram_state import Message
from tests.standins.telegram_state import Person as Somebody
from tests.support.world import World


async def teammate(world: World, name: str, user_id: int, role: Role = Role.MEMBER) -> Somebody:
    """Somebody new with a role, who has started the bot."""
    person = world.telegram.add_person(user_id, name)
    await world.app.store.write(lambda work: work.users.keep(user_id, name, "en", work.now))
    await world.app.store.write(lambda work: work.users.set_role(user_id, role, world.ana.id, work.now))
    return person


def actor_of(work: UnitOfWork, person: Somebody) -> Actor:
    return identify(work, Person(person.id, person.first_name, person.language_code))


def _place(person: Somebody) -> Place:
    return Place(person.id, person.id, None, "en")


async def leave_draft(
    world: World, giver: Somebody, to: Somebody | None, *, note: str = "", hours: int | None = None
) -> int:
    """Leave the codes of the giver's open draft in private; the handoff's number."""
    answers: list[Answer] = [HandOverWanted()]
    if note:
        answers += [ReceiverPicked(None if to is None else to.id), Change(Step.HANDOFF_NOTE), Typed(note)]
    else:
        answers.append(ReceiverPicked(None if to is None else to.id))
    if hours is not None:
        answers += [Change(Step.EXPIRY), ExpiryPicked(hours)]

    def leave(work: UnitOfWork) -> int:
        actor, where = actor_of(work, giver), _place(giver)

        def button() -> DraftButton:
            stored = work.drafts.find_open(where)
            assert stored is not None
            return DraftButton(where, stored.card.message_id, stored.id, stored.card.revision)

        for each in answers:
            assert answer(work, actor, AnswerDraft(button(), each)).problem is None
        assert hand_over(work, actor, button()).result.problem is None
        return max(work.handoffs.owned_by(giver.id))

    number = await world.app.store.write(leave)
    await world.rest()
    return number


async def leave(
    world: World,
    giver: Somebody,
    to: Somebody | None,
    *codes: str,
    choices: Sequence[str] = (),
    note: str = "",
    hours: int | None = None,
) -> int:
    """Send codes, a fresh one where none is given, tap ``choices``, and leave them; the handoff's number."""
    await world.say(" ".join(codes or (world.browser.offer(),)), giver)
    for label in choices:
        await world.tap(label, giver)
    return await leave_draft(world, giver, to, note=note, hours=hours)


async def read(world: World, handoff_id: int) -> Handoff:
    handoff = await world.app.store.read(lambda work: work.handoffs.find(handoff_id))
    assert handoff is not None
    return handoff


async def statuses(world: World, handoff_id: int) -> list[str]:
    return [str(code.status) for code in (await read(world, handoff_id)).codes]


async def take(world: World, person: Somebody, handoff_id: int) -> str | None:
    """Take it without a tap; who was first, if somebody was."""

    def act(work: UnitOfWork) -> str | None:
        return take_handoff(work, actor_of(work, person), HandoffButton(_place(person), handoff_id)).taken_by

    taken_by = await world.app.store.write(act)
    await world.rest()
    return taken_by


async def withdraw(world: World, person: Somebody, handoff_id: int) -> None:
    button = HandoffButton(_place(person), handoff_id)
    result = await world.app.store.write(lambda work: withdraw_handoff(work, actor_of(work, person), button))
    assert result.problem is None
    await world.rest()


async def reassign(world: World, person: Somebody, handoff_id: int, to: Somebody | None) -> None:
    command = ReassignHandoff(HandoffButton(_place(person), handoff_id), Receiver(None if to is None else to.id))
    result = await world.app.store.write(lambda work: reassign_handoff(work, actor_of(work, person), command))
    assert result.problem is None
    await world.rest()


def notices(world: World, person: Somebody) -> list[Message]:
    """What somebody has been told of codes that were left, and still stands in their private chat."""
    chat = world.telegram.chat(person.id)
    words = ("has left", "have left")
    return [each for each in chat.messages if each.from_bot and not each.deleted and any(w in each.text for w in words)]
