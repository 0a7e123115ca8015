"""What somebody chooses for themselves, and which of their cards show it."""

from __future__ import annotations

from bot.domain.import_state import Status
from bot.storage.work import SqlWork
from bot.usecases.preferences import (
    ChooseLanguage,
    ChooseTimeZone,
    choose_language,
    choose_time_zone,
    language_of,
)
from bot.usecases.records import CardKind
from tests.usecases.conversation import ANA, GROUP_CHAT, MAI, Conversation, in_group


def shown(work: SqlWork) -> None:
    """Every card shows all that there is."""
    for stored in work.drafts.all_open():
        card = stored.card
        work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=50, rendered=card.revision, complete=True)
    for batch in work.batches.behind([ANA.user_id, MAI.user_id, GROUP_CHAT]):
        card = batch.card
        work.cards.note_shown(CardKind.BATCH, batch.id, message_id=60, rendered=card.revision, complete=True)


async def test_open_cards_are_shown_again_in_the_language_that_was_chosen(conversation: Conversation) -> None:
    await conversation.let_in(MAI)
    batch = await conversation.confirmed("11112222-33334444")
    draft = await conversation.ready("11112222-33334445")
    elsewhere = await conversation.of(ANA, in_group(ANA)).ready("11112222-33334446")
    other = await conversation.of(MAI).ready("11112222-33334447")
    await conversation.store.write(shown)
    conversation.signals.clear()

    await conversation.do(choose_language, ChooseLanguage("vi"))

    def behind(work: SqlWork) -> tuple[dict[int, str], dict[int, str]]:
        chats = [ANA.user_id, MAI.user_id, GROUP_CHAT]
        drafts, batches = work.drafts.behind(chats), work.batches.behind(chats)
        return {each.id: each.where.language for each in drafts}, {each.id: each.where.language for each in batches}

    assert await conversation.store.read(behind) == ({draft.id: "vi", elsewhere.id: "vi"}, {batch.id: "vi"})
    assert set(conversation.signals) == {f"chat_behind {ANA.user_id}", f"chat_behind {GROUP_CHAT}"}
    # The buttons that are on the screen now go on working.
    assert (await conversation.stored()).card.revision == draft.card.revision
    untouched = await conversation.store.read(lambda work: work.drafts.find(other.id))
    assert untouched is not None
    assert untouched.where.language == MAI.language


async def test_a_card_whose_imports_have_ended_stays_as_it_is(conversation: Conversation) -> None:
    await conversation.confirmed("11112222-33334444", status=Status.FAILED)
    await conversation.store.write(shown)
    await conversation.do(choose_language, ChooseLanguage("vi"))
    assert await conversation.store.read(lambda work: work.batches.behind([ANA.user_id])) == []


async def test_what_was_chosen_is_kept(conversation: Conversation) -> None:
    await conversation.do(choose_language, ChooseLanguage("zh-hans"))
    await conversation.do(choose_time_zone, ChooseTimeZone("Asia/Shanghai"))
    user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
    assert user is not None
    assert (user.language, user.time_zone) == ("zh-hans", "Asia/Shanghai")
    await conversation.do(choose_time_zone, ChooseTimeZone(""))
    user = await conversation.store.read(lambda work: work.users.find(ANA.user_id))
    assert user is not None
    assert user.time_zone == ""


async def test_of_somebody_who_is_not_known_the_language_is_the_one_that_is_given(conversation: Conversation) -> None:
    assert await conversation.store.read(language_of, 4711, "ru") == "ru"
    assert await conversation.store.read(language_of, 4711) == ""
    assert await conversation.store.read(language_of, ANA.user_id, "ru") == "en"
