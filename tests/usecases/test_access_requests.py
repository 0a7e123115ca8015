"""Somebody asks to be let in, and whoever of the admins answers first has answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.access_request import RequestState
from bot.storage.audit import audit
from bot.storage.shared_cards import shared_cards
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_request_ends import close_request, expire_requests
from bot.usecases.access_requests import MOST_CARDS, Asked, Standing
from bot.usecases.members import ChangeRole, RemoveMember, change_role, remove_member
from bot.usecases.new_admins import meet_admins
from bot.usecases.records import CardKind, Role
from bot.usecases.shared_card_rows import SharedKind
from tests.usecases.access import ADMINS, DAY, SAM, SETTINGS_ADMIN, Door
from tests.usecases.conversation import ADMINS_BY_SETTINGS, BOSS, NOW

# --- asking -----------------------------------------------------------------------------------------------------------


async def test_every_admin_gets_a_card_of_a_request(door: Door) -> None:
    assert await door.ask(username="sam_the_man") == Asked(Standing.ASKED)
    [row] = await door.requests()
    assert (row["user_id"], row["name"], row["username"], row["language"]) == (7, "Sam", "sam_the_man", "vi")
    assert await door.cards(SharedKind.ACCESS_REQUEST) == {(row["id"], admin) for admin in ADMINS}
    [entry] = await door.talk.rows(audit)
    assert (entry["kind"], entry["actor_id"], entry["object_id"]) == ("asked", 7, row["id"])


async def test_who_waits_has_one_request(door: Door) -> None:
    await door.ask()
    assert await door.ask() == Asked(Standing.WAITS)
    assert len(await door.requests()) == 1


@pytest.mark.parametrize("role", Role)
async def test_who_has_a_role_has_nothing_to_ask_for(door: Door, role: Role) -> None:
    assert await door.ask(replace(SAM, role=role)) == Asked(Standing.LET_IN)
    assert await door.requests() == []


async def test_who_was_refused_asks_again_after_a_week(door: Door) -> None:
    await door.ask()
    await door.answer(1, allow=False)
    until = NOW + 7 * DAY
    door.now = until - timedelta(seconds=1)
    assert await door.ask() == Asked(Standing.REFUSED, until)
    door.now = until
    assert await door.ask() == Asked(Standing.ASKED)
    assert [row["state"] for row in await door.requests()] == ["refused", "waiting"]


async def test_who_was_let_in_and_removed_may_ask_at_once(door: Door) -> None:
    await door.ask()
    await door.answer(1, allow=True)
    await door.do(remove_member, BOSS, RemoveMember(SAM.user_id, Role.MEMBER))
    assert await door.ask() == Asked(Standing.ASKED)


# --- answering --------------------------------------------------------------------------------------------------------


async def test_who_is_allowed_is_a_member_whose_language_is_known(door: Door) -> None:
    await door.ask()
    answered = await door.answer(1, allow=True)
    assert answered is not None
    assert answered.done
    user = await door.store.read(lambda work: work.users.find(SAM.user_id))
    assert user is not None
    assert (user.role, user.name, user.language) == (Role.MEMBER, "Sam", "vi")
    entry = (await door.talk.rows(audit))[-1]
    assert (entry["kind"], entry["actor_id"], entry["subject_id"], entry["detail"]) == ("allowed", 1000, 7, "member")


async def test_who_is_refused_stays_out(door: Door) -> None:
    await door.ask()
    answered = await door.answer(1, allow=False)
    assert answered is not None
    assert answered.done
    assert await door.role_of(SAM.user_id) is None
    entry = (await door.talk.rows(audit))[-1]
    assert (entry["kind"], entry["actor_id"], entry["subject_id"]) == ("refused_access", 1000, 7)


@pytest.mark.parametrize("first", [True, False])
async def test_the_first_answer_counts(door: Door, first: bool) -> None:
    await door.ask()
    await door.answer(1, allow=first, by=SETTINGS_ADMIN)
    before = await door.requests(), await door.talk.rows(audit)
    answered = await door.answer(1, allow=not first)
    assert answered is not None
    assert not answered.done
    assert answered.stored.request.answered_by == SETTINGS_ADMIN.user_id
    assert (await door.requests(), await door.talk.rows(audit)) == before
    assert await door.role_of(SAM.user_id) is (Role.MEMBER if first else None)


async def test_a_request_that_there_is_not_is_not_answered(door: Door) -> None:
    assert await door.answer(1, allow=True) is None


async def test_an_answer_brings_every_copy_up_to_date_that_was_seen(door: Door) -> None:
    await door.ask()
    copies = {row["user_id"]: row["id"] for row in await door.talk.rows(shared_cards)}

    def show(work: SqlWork) -> None:
        for admin in (BOSS.user_id, 41):
            work.cards.note_shown(CardKind.SHARED, copies[admin], message_id=5, rendered=1, complete=True)

    await door.store.write(show)
    await door.answer(1, allow=True)
    behind = await door.store.read(lambda work: work.shared_cards.behind(sorted(ADMINS)))
    # The third has never started the bot: what is over does not greet them when they do.
    assert {copy.where.user_id for copy in behind} == {BOSS.user_id, 41}


async def test_who_comes_in_by_another_way_has_their_request_closed_as_allowed(door: Door) -> None:
    await door.ask()
    await door.do(change_role, SETTINGS_ADMIN, ChangeRole(SAM.user_id, Role.MEMBER, None))
    [row] = await door.requests()
    assert (row["state"], row["answered_by"]) == ("allowed", SETTINGS_ADMIN.user_id)
    answered = await door.answer(1, allow=False)
    assert answered is not None
    assert not answered.done
    assert await door.role_of(SAM.user_id) is Role.MEMBER


async def test_a_refusal_does_not_put_out_who_is_in_already(door: Door) -> None:
    await door.ask()
    await door.talk.let_in(SAM, Role.VIEWER)
    answered = await door.answer(1, allow=False)
    assert answered is not None
    assert not answered.done
    # Nobody is said to have allowed it who has tapped Refuse.
    request = answered.stored.request
    assert (request.state, request.answered_by) == (RequestState.ALLOWED, None)
    assert await door.role_of(SAM.user_id) is Role.VIEWER


async def test_closing_where_nobody_waits_changes_nothing(door: Door) -> None:
    await door.ask()
    await door.answer(1, allow=False)
    before = await door.talk.everything()
    await door.store.write(close_request, SAM.user_id, BOSS.user_id)
    assert await door.talk.everything() == before


# --- by itself --------------------------------------------------------------------------------------------------------


async def test_what_nobody_answers_is_over_after_two_weeks(door: Door) -> None:
    await door.ask()
    door.now = NOW + 14 * DAY - timedelta(seconds=1)
    await door.store.write(expire_requests)
    assert await door.ask() == Asked(Standing.WAITS)
    door.now = NOW + 14 * DAY
    await door.store.write(expire_requests)
    assert [row["state"] for row in await door.requests()] == ["expired"]
    answered = await door.answer(1, allow=True)
    assert answered is not None
    assert not answered.done
    assert await door.role_of(SAM.user_id) is None
    assert await door.ask() == Asked(Standing.ASKED)


async def test_who_has_become_an_admin_is_shown_what_waits_and_who_is_none_any_more_nothing(door: Door) -> None:
    await door.ask_many(MOST_CARDS + 1)
    await door.answer(1, allow=True)
    store = SqlStore(door.talk.database, now=lambda: NOW, admins=frozenset({41, 43}))
    await store.write(meet_admins)
    people = {BOSS.user_id, 41, 43}
    waiting = await door.cards(SharedKind.ACCESS_REQUEST)
    assert {user_id for _, user_id in waiting} == people
    assert {subject for subject, user_id in waiting if user_id == 43} == set(range(2, MOST_CARDS + 1))
    assert await door.cards(SharedKind.ACCESS_CROWD) == {(MOST_CARDS + 1, admin) for admin in people}


async def test_an_admin_who_is_removed_is_shown_nothing_more(door: Door) -> None:
    await door.ask()
    await door.do(remove_member, SETTINGS_ADMIN, RemoveMember(BOSS.user_id, Role.ADMIN))
    assert {user_id for _, user_id in await door.cards(SharedKind.ACCESS_REQUEST)} == ADMINS_BY_SETTINGS
