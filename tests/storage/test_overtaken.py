"""A transaction whose draft another has changed meanwhile is begun anew: nothing that somebody sent is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.domain.draft import DefaultGroup, Draft
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError
from bot.storage.postgresql import REPEATS
from bot.storage.tables import drafts
from bot.storage.work import SqlWork
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import remark
from bot.usecases.drafting_messages import take_text
from bot.usecases.records import Role
from bot.usecases.remote_lists import ListRequest, answer_draft, publish, request_anew
from bot.usecases.sent_messages import Received, TakeText
from tests.storage.support import (
    ANA,
    CODE,
    NOW,
    OTHER,
    draft_by_id,
    draft_of,
    opened,
)
from tests.storage.two import Two, opened_twice, paused_at_change

PERSON = Actor(ANA.user_id, "Ana", Role.MEMBER, "en")


def list_published(work: SqlWork) -> None:
    """ixBrowser has no group but the default one, which answers by itself."""
    publish(work, ListRequest(Listing.GROUPS, NOW), [])


@pytest.mark.parametrize("message_first", [False, True])
async def test_of_a_message_and_a_list_that_answers_its_draft_both_count_whoever_reads_first(
    two: Two, message_first: bool
) -> None:
    await two.first.write(request_anew, frozenset({Listing.GROUPS}))
    stored = await opened(two.first, Draft(codes=(TransferCode(CODE),)))

    def message(work: SqlWork) -> Received:
        return take_text(work, PERSON, TakeText(ANA, OTHER, addressed=True, message_id=7))

    one, other = (message, list_published) if message_first else (list_published, message)
    await two.in_turn(one, other, where=paused_at_change)
    # As whoever shows the card has it done.
    await two.first.write(answer_draft, stored.id)
    draft = (await draft_by_id(two.first, stored.id)).draft
    assert [code.text for code in draft.codes] == [CODE, OTHER]
    assert draft.group == DefaultGroup()


@pytest.mark.parametrize("kept", [1, REPEATS])
async def test_a_message_that_is_overtaken_again_and_again_is_no_loss_but_after_many_times(
    postgresql_url: str, kept: int
) -> None:
    two = await opened_twice(postgresql_url)
    stored = await opened(two.first, draft_of(CODE))
    tried = 0

    def message(work: SqlWork) -> None:
        nonlocal tried
        tried += 1
        found = work.drafts.find_open(ANA)
        assert found is not None
        if tried <= kept:
            other = two.databases[1].engine
            with other.begin() as connection:
                connection.execute(update(drafts).values(revision=drafts.c.revision + 1))
        remark(work, found, InputError("no_code"))

    await two.first.write(message)
    assert tried == kept + 1
    written = (await draft_by_id(two.first, stored.id)).draft
    assert written.notice is not None
    for database in two.databases:
        await database.close()
