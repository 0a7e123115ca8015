"""Invitations in the database: no row gives a link, and the last use of one is somebody's alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.invitation import InvitationState
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.invitations import SqlInvitations, invitations, joinings
from bot.storage.tables import users
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_requests import AnswerRequest, AskForAccess, answer_request, ask_for_access
from bot.usecases.actor import Actor
from bot.usecases.invitation_ends import revoke_of
from bot.usecases.invitations import BeginInvitation, Invite, begin_invitation, invite
from bot.usecases.joining import Join, Joined, Refusal, join
from bot.usecases.records import Role
from tests.storage.support import NOW, rows
from tests.storage.two import Two, opened_twice, paused_at_end

KIM = Actor(1000, "Kim", Role.ADMIN, "en")
SAM = Actor(1003, "Sam", None, "en")
MAI = Actor(1002, "Mai", None, "vi")


def make_link(work: SqlWork) -> str:
    """The token of a new invitation for one member."""
    work.users.keep(KIM.user_id, KIM.name, KIM.language, NOW)
    work.users.set_role(KIM.user_id, Role.ADMIN, KIM.user_id, NOW)
    begun = begin_invitation(work, KIM, BeginInvitation("transfer_demo_bot"))
    assert invite(work, KIM, Invite(begun.id, begun.revision)).invitation is not None
    token = work.invitations.token(begun.id)
    assert token is not None
    return token


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    two = await opened_twice(database_url)
    yield two
    for database in two.databases:
        await database.close()


async def test_a_token_is_long_fits_into_a_link_and_differs_from_all_others(store: SqlStore) -> None:
    tokens = {await store.write(make_link) for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch("[A-Za-z0-9_-]{32}", token) for token in tokens)


async def test_no_row_gives_the_link_without_the_key(database: Database, store: SqlStore) -> None:
    token = await store.write(make_link)
    assert await store.read(lambda work: work.invitations.token(1)) == token
    [row] = await rows(database, invitations)
    assert token not in repr(row)
    assert token.encode() not in row["token_hash"] + row["token_seed"]
    other = Cipher(b"\7" * 32)
    assert await database.read(lambda connection: SqlInvitations(connection, other).token(1)) is None


@pytest.mark.parametrize("state", [each for each in InvitationState if each is not InvitationState.OPEN])
async def test_of_one_that_has_ended_not_even_the_key_gives_the_link(
    database: Database, store: SqlStore, state: InvitationState
) -> None:
    token = await store.write(make_link)

    def end(work: SqlWork) -> None:
        found = work.invitations.lock(1)
        assert found is not None
        work.invitations.save(replace(found, state=state))

    await store.write(end)
    assert await store.read(lambda work: work.invitations.token(1)) is None
    [row] = await rows(database, invitations)
    assert row["token_seed"] is None
    # Whoever opens it is told why it does nothing.
    found = await store.read(lambda work: work.invitations.find_by_token(token))
    assert found is not None
    assert found.state is state


async def test_of_two_who_open_the_last_use_at_once_one_comes_in(two: Two) -> None:
    token = await two.first.write(make_link)
    first, second = await two.in_turn(
        lambda work: join(work, SAM, Join(token)), lambda work: join(work, MAI, Join(token)), paused_at_end
    )
    assert (first, second) == (Joined(Role.MEMBER), Joined(refusal=Refusal.USED_UP))
    assert [row["user_id"] for row in await rows(two.databases[0], joinings)] == [SAM.user_id]
    assert {row["id"]: row["role"] for row in await rows(two.databases[0], users)} == {1000: "admin", 1003: "member"}


async def test_who_opens_a_link_while_it_is_revoked_is_not_let_in(two: Two) -> None:
    token = await two.first.write(make_link)
    _, joined = await two.in_turn(
        lambda work: revoke_of(work, KIM.user_id), lambda work: join(work, SAM, Join(token)), paused_at_end
    )
    assert joined == Joined(refusal=Refusal.REVOKED)


async def test_who_opens_a_link_while_they_are_refused_is_not_let_in(two: Two) -> None:
    token = await two.first.write(make_link)
    await two.first.write(lambda work: ask_for_access(work, SAM, AskForAccess()))
    _, joined = await two.in_turn(
        lambda work: answer_request(work, KIM, AnswerRequest(KIM.user_id, 1, allow=False)),
        lambda work: join(work, SAM, Join(token)),
        paused_at_end,
    )
    assert joined == Joined(refusal=Refusal.REVOKED)


async def test_the_same_person_twice_at_once_uses_one(two: Two) -> None:
    token, other = [await two.first.write(make_link) for _ in range(2)]
    results = await two.in_turn(
        lambda work: join(work, SAM, Join(token)), lambda work: join(work, SAM, Join(other)), paused_at_end
    )
    assert results == (Joined(Role.MEMBER), Joined(refusal=Refusal.ALREADY))
    assert [row["used"] for row in await rows(two.databases[0], invitations)] == [1, 0]


async def test_who_is_given_a_higher_role_while_they_open_a_link_keeps_that(two: Two) -> None:
    token = await two.first.write(make_link)
    await two.first.write(lambda work: work.users.set_role(SAM.user_id, Role.VIEWER, 1, NOW))
    _, joined = await two.in_turn(
        lambda work: work.users.set_role(SAM.user_id, Role.ADMIN, 1, NOW),
        lambda work: join(work, replace(SAM, role=Role.VIEWER), Join(token)),
        paused_at_end,
    )
    assert joined == Joined(refusal=Refusal.ALREADY)
    [sam] = [row for row in await rows(two.databases[0], users) if row["id"] == SAM.user_id]
    assert sam["role"] == "admin"


async def test_only_what_has_no_link_and_was_left_is_forgotten(database: Database, store: SqlStore) -> None:
    await store.write(make_link)

    def begin(work: SqlWork) -> None:
        for age in (2, 1, 0):
            begun = NOW - timedelta(hours=age)
            work.invitations.begin(
                1, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="a_bot", now=begun
            )

    await store.write(begin)
    await store.write(lambda work: work.invitations.forget_unfinished_before(NOW - timedelta(hours=1)))
    assert [row["id"] for row in await rows(database, invitations)] == [1, 3, 4]


async def test_who_is_barred_again_is_so_from_the_later_moment(store: SqlStore) -> None:
    assert await store.read(lambda work: work.invitations.barred_at(7)) is None
    for moment in (NOW, NOW + timedelta(hours=1)):
        await store.write(lambda work, moment=moment: work.invitations.bar(7, moment))  # type: ignore[misc]  # of this turn
        assert await store.read(lambda work: work.invitations.barred_at(7)) == moment
