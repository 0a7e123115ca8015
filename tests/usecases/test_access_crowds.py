"""Many who ask to be let in at once share a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.storage.audit import audit
from bot.storage.work import SqlWork
from bot.usecases.access_requests import (
    MOST_CARDS,
    MOST_WAITING,
    Asked,
    NextOfCrowd,
    RefuseCrowd,
    Standing,
    refuse_crowd,
    show_next_of_crowd,
)
from bot.usecases.records import CardKind
from bot.usecases.shared_card_rows import SharedCard, SharedKind
from tests.usecases.access import ADMINS, SAM, Door
from tests.usecases.conversation import BOSS, NOW


def _behind(work: SqlWork) -> Sequence[SharedCard]:
    """Boss's copies that are still to be shown."""
    copies = work.shared_cards.behind([BOSS.user_id])
    return [copy for copy in copies if copy.kind is SharedKind.ACCESS_REQUEST]


async def test_more_than_ten_in_an_hour_share_a_card(door: Door) -> None:
    await door.ask_many(MOST_CARDS + 14)
    assert len(await door.cards(SharedKind.ACCESS_REQUEST)) == MOST_CARDS * len(ADMINS)
    first = MOST_CARDS + 1
    assert await door.cards(SharedKind.ACCESS_CROWD) == {(first, admin) for admin in ADMINS}
    assert (await door.store.read(lambda work: work.access_requests.crowd(first))).waiting == 14


async def test_ten_that_are_answered_within_the_hour_count_too(door: Door) -> None:
    await door.ask_many(MOST_CARDS)
    for number in range(1, MOST_CARDS + 1):
        await door.answer(number, allow=False)
    await door.ask()
    assert await door.cards(SharedKind.ACCESS_CROWD) == {(MOST_CARDS + 1, admin) for admin in ADMINS}
    # An hour later the next one has a card of its own again.
    door.now = NOW + timedelta(hours=1, seconds=1)
    await door.ask(replace(SAM, user_id=8))
    assert MOST_CARDS + 2 in {subject for subject, _ in await door.cards(SharedKind.ACCESS_REQUEST)}


async def test_while_ten_wait_who_comes_an_hour_later_shares_a_new_card(door: Door) -> None:
    await door.ask_many(MOST_CARDS + 1)
    door.now = NOW + timedelta(hours=1, seconds=1)
    await door.ask_many(2, first=3000)
    crowds = {subject for subject, _ in await door.cards(SharedKind.ACCESS_CROWD)}
    assert crowds == {MOST_CARDS + 1, MOST_CARDS + 2}


async def test_of_too_many_who_wait_the_next_is_not_kept(door: Door) -> None:
    await door.ask_many(MOST_WAITING)
    assert await door.ask() == Asked(Standing.TOO_MANY)
    assert len(await door.requests()) == MOST_WAITING
    await door.answer(1, allow=False)
    assert await door.ask() == Asked(Standing.ASKED)


async def test_those_of_a_crowd_are_shown_one_by_one_to_who_asks_for_them(door: Door) -> None:
    await door.ask_many(MOST_CARDS + 2)
    first, second = MOST_CARDS + 1, MOST_CARDS + 2
    assert await door.do(show_next_of_crowd, BOSS, NextOfCrowd(first))
    theirs = {(first, BOSS.user_id)}
    assert await door.cards(SharedKind.ACCESS_REQUEST) >= theirs
    await door.answer(first, allow=True)
    # The next comes by itself, and nobody else is shown any.
    theirs.add((second, BOSS.user_id))
    assert {card for card in await door.cards(SharedKind.ACCESS_REQUEST) if card[0] >= first} == theirs
    [copy] = await door.store.read(lambda work: [each for each in _behind(work) if each.subject_id == second])
    await door.store.write(
        lambda work: work.cards.note_shown(CardKind.SHARED, copy.id, message_id=9, rendered=2, complete=True)
    )
    # The last one once more, below what has been written since.
    assert await door.do(show_next_of_crowd, BOSS, NextOfCrowd(first))
    [again] = await door.store.read(lambda work: [each for each in _behind(work) if each.subject_id == second])
    assert again.card.repost
    await door.answer(second, allow=True)
    assert not await door.do(show_next_of_crowd, BOSS, NextOfCrowd(first))


async def test_refusing_all_means_those_who_were_there(door: Door) -> None:
    await door.ask_many(MOST_CARDS + 3)
    first = MOST_CARDS + 1
    command = RefuseCrowd(BOSS.user_id, first, last_id=first + 1, sure=False)
    assert [stored.id for stored in await door.do(refuse_crowd, BOSS, command)] == [first, first + 1]
    assert {row["state"] for row in await door.requests()} == {"waiting"}

    refused = await door.do(refuse_crowd, BOSS, replace(command, sure=True))
    assert [stored.id for stored in refused] == [first, first + 1]
    states = [row["state"] for row in await door.requests()]
    assert states == ["waiting"] * MOST_CARDS + ["refused", "refused", "waiting"]
    assert [row["kind"] for row in await door.talk.rows(audit)].count("refused_access") == 2
    assert await door.do(refuse_crowd, BOSS, replace(command, sure=True)) == []
