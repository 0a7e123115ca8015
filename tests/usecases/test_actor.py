"""Who acts: the settings' admins, the database's roles, and strangers, of whom nothing is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.storage.tables import users
from bot.storage.work import SqlStore
from bot.usecases.actor import Actor, Person, identify
from bot.usecases.records import Role
from tests.usecases.conversation import ANA, NOW, Conversation

SAM = Person(1003, "Sam", "vi")


async def who(
    conversation: Conversation, person: Person, admins: frozenset[int] = frozenset(), at: datetime = NOW
) -> Actor:
    return await SqlStore(conversation.database, now=lambda: at, admins=admins).write(identify, person)


async def test_of_a_stranger_nothing_is_kept(conversation: Conversation) -> None:
    before = await conversation.everything()
    assert await who(conversation, SAM) == Actor(1003, "Sam", None, "vi")
    assert await conversation.everything() == before


async def test_who_has_lost_their_role_is_a_stranger(conversation: Conversation) -> None:
    await conversation.store.write(lambda work: work.users.set_role(ANA.user_id, None, 1, work.now))
    assert (await who(conversation, Person(ANA.user_id, "Anna", "en"))).role is None
    assert [row["name"] for row in await conversation.rows(users)] == ["Ana"]


@pytest.mark.parametrize("role", list(Role))
async def test_the_database_says_who_is_what(conversation: Conversation, role: Role) -> None:
    await conversation.store.write(lambda work: work.users.set_role(ANA.user_id, role, 1, work.now))
    assert (await who(conversation, Person(ANA.user_id, "Ana", "en"))).role is role


@pytest.mark.parametrize("known", [True, False])
async def test_an_admin_by_the_settings_is_one_whatever_the_database_says(
    conversation: Conversation, known: bool
) -> None:
    person = Person(ANA.user_id if known else SAM.user_id, "Ana", "en")
    actor = await who(conversation, person, frozenset({person.user_id}))
    assert (actor.user_id, actor.role) == (person.user_id, Role.ADMIN)
    # What they are by the settings is not written down.
    assert [row["role"] for row in await conversation.rows(users) if row["id"] == person.user_id] == [
        Role.MEMBER if known else None
    ]


async def test_a_new_name_is_kept_and_of_languages_the_first(conversation: Conversation) -> None:
    assert await who(conversation, Person(ANA.user_id, "Anna", "vi")) == Actor(1001, "Anna", Role.MEMBER, "en")
    [row] = await conversation.rows(users)
    assert (row["name"], row["language"]) == ("Anna", "en")


async def test_the_first_language_is_kept_when_it_becomes_known(conversation: Conversation) -> None:
    await conversation.store.write(lambda work: work.users.set_role(SAM.user_id, Role.MEMBER, 1, work.now))
    languages = [(await who(conversation, Person(SAM.user_id, "Sam", each))).language for each in ("", "vi", "ru", "")]
    assert languages == ["", "vi", "vi", "vi"]


async def test_when_somebody_was_seen_is_written_once_an_hour(conversation: Conversation) -> None:
    seen = []
    for minutes in (0, 59, 60, 61, 300):
        await who(conversation, Person(ANA.user_id, "Ana", "en"), at=NOW + timedelta(minutes=minutes))
        user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
        assert user is not None
        assert user.last_seen is not None
        seen.append((user.last_seen - NOW) / timedelta(minutes=1))
    assert seen == [0, 0, 60, 60, 300]


async def test_a_username_is_kept_as_it_is_now(conversation: Conversation) -> None:
    for username in ("ana", "ana_maria", ""):
        await who(conversation, Person(ANA.user_id, "Ana", "en", username))
        user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
        assert user is not None
        assert user.username == username
