"""Choices of single codes: set, kept while the draft goes on, taken over by the imports and by another try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, OwnChoices
from bot.domain.import_events import Answered, Claimed
from bot.domain.import_state import Status
from bot.domain.outcome import Imported
from bot.domain.proxy import Custom, Direct, Keep, ProxyType, Saved
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import imports, secrets
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.code_choices import SetCodeChoices, set_code_choices
from bot.usecases.drafting import confirm
from bot.usecases.import_queue import record
from bot.usecases.imports import OpenNext, another_code, try_again
from tests.usecases.conversation import ANA, CODE, MAI, NOW, OTHER, Conversation, in_group, private

THIRD = "99990000-11112222"
TYPED = Custom(host="203.0.113.7", port=1080, type=ProxyType.SOCKS5, user="ana", password="plum-tarn")
LATER = Custom(host="203.0.113.8", port=1080, type=ProxyType.SOCKS5, user="mai", password="other-tarn")
SHOPS = ListedGroup(5, "Shops")


async def give(conversation: Conversation, code: str, own: OwnChoices) -> ButtonResult:
    command = SetCodeChoices(await conversation.button(), TransferCode(code), own)
    return await conversation.do(set_code_choices, command)


async def test_a_code_has_its_own_choices_and_the_drafts_where_it_has_none(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER)
    own = OwnChoices(group=SHOPS, proxy=TYPED, bypass=("example.com",), note="for Kim")
    assert await give(conversation, OTHER, own) == ButtonResult()
    assert (await conversation.draft()).own == {TransferCode(OTHER): own}

    await conversation.do(confirm, await conversation.button())
    first, second = await conversation.rows(imports)
    assert (first["group_id"], first["proxy"], first["bypass"], first["note"]) == (None, "keep", [], "")
    assert (second["group_id"], second["group_title"], second["note"]) == (5, "Shops", "for Kim")
    assert (second["proxy"], second["bypass"]) == ("socks5 203.0.113.7:1080 as ana", ["example.com"])
    assert [row["import_id"] for row in await conversation.rows(secrets)] == [second["id"]]


async def test_the_drafts_choices_may_change_without_those_of_a_code(conversation: Conversation) -> None:
    stored = await conversation.ready(CODE, OTHER)
    await give(conversation, CODE, OwnChoices(proxy=Direct()))
    stored = await conversation.stored()
    draft = replace(stored.draft, group=SHOPS, note="all of them")
    await conversation.store.write(lambda work: work.drafts.change(stored, draft, NOW, repost=False))

    await conversation.do(confirm, await conversation.button())
    rows = await conversation.rows(imports)
    assert [(row["group_id"], row["proxy"], row["note"]) for row in rows] == [
        (5, "direct", "all of them"),
        (5, "keep", "all of them"),
    ]


async def test_choices_are_replaced_and_taken_away_with_their_secrets(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER)
    await give(conversation, CODE, OwnChoices(proxy=TYPED))
    await give(conversation, OTHER, OwnChoices(proxy=LATER))
    assert len(await conversation.rows(secrets)) == 2
    await give(conversation, CODE, OwnChoices(proxy=LATER, note="x"))
    assert (await conversation.draft()).own[TransferCode(CODE)] == OwnChoices(proxy=LATER, note="x")
    assert len(await conversation.rows(secrets)) == 2
    await give(conversation, CODE, OwnChoices())
    assert (await conversation.draft()).own == {TransferCode(OTHER): OwnChoices(proxy=LATER)}
    assert len(await conversation.rows(secrets)) == 1
    assert (await conversation.draft()).codes == (TransferCode(CODE), TransferCode(OTHER))


async def test_the_secrets_of_one_import_go_at_its_end_and_no_others(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER, THIRD)
    await give(conversation, CODE, OwnChoices(proxy=TYPED))
    await give(conversation, OTHER, OwnChoices(proxy=LATER))
    await conversation.do(confirm, await conversation.button())
    first, second, _ = await conversation.rows(imports)
    assert {row["import_id"] for row in await conversation.rows(secrets)} == {first["id"], second["id"]}

    for event in (Claimed(NOW), Answered(1, Imported(7), NOW)):
        await conversation.store.write(record, first["id"], event)
    assert {row["import_id"] for row in await conversation.rows(secrets)} == {second["id"]}
    row = await conversation.store.write(lambda work: work.imports.lock(second["id"]))
    assert row is not None
    assert row.proxy == LATER


@pytest.mark.parametrize(
    ("code", "own"),
    [(THIRD, OwnChoices(note="x")), (CODE, OwnChoices(proxy=Custom())), (CODE, OwnChoices(proxy=Saved()))],
    ids=["a code that is not in the draft", "a proxy without an address", "a proxy of no number"],
)
async def test_what_cannot_be_chosen_changes_nothing(conversation: Conversation, code: str, own: OwnChoices) -> None:
    before = await conversation.ready(CODE)
    assert await give(conversation, code, own) == ButtonResult(Problem.OLD_BUTTON)
    assert (await conversation.stored()).draft == before.draft


async def test_a_note_that_is_too_long_is_said(conversation: Conversation) -> None:
    await conversation.ready(CODE)
    assert await give(conversation, CODE, OwnChoices(note="x" * 201)) == ButtonResult()
    draft = await conversation.draft()
    assert draft.own == {}
    assert draft.notice is not None
    assert draft.notice.reason == "long_note"


async def test_a_proxy_with_a_secret_is_not_chosen_in_a_group_chat(conversation: Conversation) -> None:
    here = conversation.of(ANA, in_group(ANA))
    await here.ready(CODE)
    assert await give(here, CODE, OwnChoices(proxy=TYPED)) == ButtonResult(Problem.OLD_BUTTON)
    assert await give(here, CODE, OwnChoices(proxy=Direct())) == ButtonResult()


async def test_only_its_owner_chooses_and_only_by_the_card_as_it_is(conversation: Conversation) -> None:
    await conversation.ready(CODE)
    button = await conversation.button()
    command = SetCodeChoices(button, TransferCode(CODE), OwnChoices(note="x"))
    theirs = conversation.of(MAI, replace(private(MAI), chat_id=private(ANA).chat_id))
    assert await theirs.do(set_code_choices, command) == ButtonResult(Problem.NOT_YOURS)
    old = replace(command, button=replace(button, revision=button.revision - 1))
    assert await conversation.do(set_code_choices, old) == ButtonResult(Problem.OLD_BUTTON)
    assert (await conversation.draft()).own == {}


async def test_another_try_has_the_choices_that_each_code_had(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER, THIRD)
    await give(conversation, OTHER, OwnChoices(group=SHOPS, proxy=Direct(), bypass=(), note="for Kim"))
    await give(conversation, THIRD, OwnChoices(proxy=TYPED))
    await conversation.do(confirm, await conversation.button())
    await conversation.rewrite(status=Status.CANCELLED, finished_at=NOW)
    batch = await conversation.batch(1)

    await conversation.do(try_again, OpenNext(conversation.batch_button(batch)))
    draft = await conversation.draft()
    assert (draft.group, draft.proxy) == (DefaultGroup(), Keep())
    assert draft.codes == tuple(map(TransferCode, (CODE, OTHER, THIRD)))
    # A password is not kept for another time: the third code has the draft's proxy.
    assert draft.own == {TransferCode(OTHER): OwnChoices(group=SHOPS, proxy=Direct(), note="for Kim")}


async def test_the_same_choices_are_those_of_the_first(conversation: Conversation) -> None:
    await conversation.ready(CODE, OTHER)
    await give(conversation, CODE, OwnChoices(group=SHOPS))
    await conversation.do(confirm, await conversation.button())
    await conversation.rewrite(status=Status.IMPORTED, finished_at=NOW, profile_id=7)
    batch = await conversation.batch(1)
    await conversation.do(another_code, OpenNext(conversation.batch_button(batch)))
    assert await conversation.draft() == Draft(group=SHOPS, proxy=Keep())
