"""Everything that the program says to its database, beside a log of a hundred thousand imports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.draft import Draft, LastChoices, NewGroup, OwnChoices, Step
from bot.domain.import_events import Answered, CancelWanted, ProvenAbsent, ProxyMissing, ProxyRetried, WaitChanged
from bot.domain.outcome import Imported, Unknown
from bot.domain.proxy import Keep
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.housekeeping import Housekeeping
from bot.storage.migrate import current
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import group_requests, import_queue, remote_lists
from bot.usecases.feed_rows import Ended
from bot.usecases.feed_telling import next_message
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.health import status_since
from bot.usecases.records import CardKind, DraftState, Prompt, Role
from bot.usecases.shared_card_rows import OF_ADMINS
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    draft_by_id,
    draft_of,
    opened,
)
from tests.support.clock import MovableClock

COUNT = 100_000
MIDDLE = COUNT // 2


async def converse(store: SqlStore) -> None:
    """Everything that handlers and the presenter do, from the first message to the last page of the history."""

    def change(work: SqlWork) -> None:
        work.users.keep(MAI.user_id, "Mai", "vi", NOW)
        work.users.keep(MAI.user_id, "Mai Anh", "vi", NOW)
        work.users.set_role(MAI.user_id, Role.MEMBER, ANA.user_id, NOW)
        work.users.remember(MAI.user_id, LastChoices(proxy=Keep()))
        work.updates.is_new(COUNT + 1, NOW)
        work.log.living([TransferCode(CODE), TransferCode(OTHER)])
        work.users.lock(MAI.user_id)
        work.users.lock_with_role(MAI.user_id)
        work.users.lock_admins()
        work.log.counts([MAI.user_id, ANA.user_id])
        work.log.waiting(MAI.user_id)
        status_since(work, NOW)
        work.imports.lock_under_way_of(MAI.user_id)
        work.outbox.hide_codes(MAI.chat_id, NOW)
        work.private_links.forget_of(MAI.user_id)
        work.shared_cards.take_away(MAI.chat_id, OF_ADMINS)

    await store.write(change)
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM), MAI)

    def change_2(work: SqlWork) -> None:
        assert work.drafts.find_open(MAI) == stored
        assert stored in work.drafts.all_open()
        for listing in Listing:
            work.drafts.open_differing(listing, {7: "Shop"})
        work.drafts.change(stored, draft_of(OTHER, proxy=EXTRACTION), NOW, repost=True)
        for proxy in (CUSTOM, Keep(), EXTRACTION):
            other = work.drafts.find(stored.id)
            assert other is not None
            own = {TransferCode(OTHER): OwnChoices(proxy=proxy)}
            work.drafts.change(other, replace(other.draft, own=own), NOW, repost=True)
        work.cards.show_again(CardKind.DRAFT, stored.id)
        work.cards.reply_to(MAI, 7)
        work.prompts.want(stored.id, Step.GROUP)
        work.prompts.sent(stored.id, Step.GROUP, 8)
        work.prompts.forget(stored.id, Prompt(Step.GROUP, 8))
        work.users.names([MAI.user_id, ANA.user_id])

    await store.write(change_2)

    def read_it(work: SqlWork) -> None:
        work.cards.chats_behind()
        work.outbox.waiting([MAI.chat_id, ANA.chat_id])
        assert len(work.drafts.behind([MAI.chat_id, ANA.chat_id])) == 1
        work.batches.behind([MAI.chat_id, ANA.chat_id])

    await store.read(read_it)
    changed = await draft_by_id(store, stored.id)

    def confirm(work: SqlWork) -> None:
        work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=1, rendered=5, complete=True)
        work.outbox.say(MAI, "Hello", NOW)
        work.outbox.done(1)
        result = work.batches.confirm(changed, "Mai", NOW)
        assert result.batch_id is not None
        assert import_queue.change_batch(work, result.batch_id, CancelWanted(NOW))
        work.batches.bump(result.batch_id, repost=True)
        work.batches.note_announced(result.batch_id)
        batch = work.batches.of_draft(stored.id)
        assert batch is not None
        work.log.of_kept(work.kept_codes.add(MAI.user_id, ANA.user_id, [row.id for row in batch.rows], NOW))
        work.cards.note_shown(CardKind.BATCH, result.batch_id, message_id=1, rendered=1, complete=False)
        work.cards.move_chat(MAI.chat_id, GROUP_CHAT)
        work.batches.mark_behind([result.batch_id], repost=False, waited=False, announce_again=True)
        assert work.cards.leave_chat(GROUP_CHAT) == {MAI.user_id}
        work.drafts.open_in(GROUP_CHAT)
        for user in (None, ANA.user_id, MAI.user_id):
            work.log.page(user_id=user, size=6)
            work.log.page(user_id=user, size=6, before=MIDDLE)
            work.log.page(user_id=user, size=6, after=MIDDLE)

    await store.write(confirm)


async def work_off(database: Database, clock: MovableClock) -> None:
    """Everything that the station and the housekeeping do."""
    store = SqlStore(database, now=clock.now)
    await store.write(begin_feed)
    stored = await opened(store, draft_of("99999999-00000000", "99999999-00000001", proxy=EXTRACTION), MAI)
    batch = (await store.write(lambda work: work.batches.confirm(stored, "Mai", NOW))).batch_id
    assert batch is not None
    await store.write(import_queue.adopt)
    await store.read(import_queue.waiting_elsewhere)
    await store.write(import_queue.recover, [])
    await store.write(import_queue.recover, [1, 2])

    async def send_round(wait: str | None, **given: Any) -> import_queue.Round:
        options: dict[str, Any] = {"limit": 1, "last": [], "besides": [], "hold": True} | given
        return await store.write(import_queue.send_round, wait=WaitChanged(wait), **options)

    await send_round("away", limit=0)
    [first] = (await send_round(None)).claimed
    [second] = (await send_round(None, last=[1], besides=[first.id])).claimed
    for row, happened in (
        (first, Answered(1, Unknown(None, "no answer"), NOW)),
        (first, ProvenAbsent(1, NOW)),
        (first, CancelWanted(NOW)),
        (second, Answered(1, Imported(COUNT + 1), NOW)),
        (second, ProxyMissing(2002, "no proxy")),
    ):
        after = await store.write(import_queue.record, row.id, happened)
        assert after is not None
        assert after.state != row.state
    await store.write(import_queue.show, second.id)
    await store.write(import_queue.change_batch, batch, ProxyRetried())
    for look in (import_queue.checking, import_queue.links_to_set, import_queue.unnamed):
        assert len(await store.read(look)) == 1
    await store.read(import_queue.claimed_records, [7, COUNT + 7])
    await store.read(import_queue.claimed_profiles, [7, COUNT + 7])
    await store.write(import_queue.give_up_missing_proxies)

    waiting = await opened(store, draft_of(CODE, group=NewGroup("Shops")), replace(ANA, chat_id=5))
    assert len(await store.read(group_requests.wanted)) == 1
    assert await store.write(group_requests.intend, waiting.id, "Shops")
    assert await store.write(group_requests.made, waiting.id, "Shops", 5)
    await store.write(lambda work: work.drafts.close(waiting.id, DraftState.CANCELLED, NOW))
    asking = await opened(store, Draft((TransferCode("99999999-00000002"),)), replace(ANA, chat_id=6))
    await store.write(remote_lists.request_anew, frozenset(Listing))
    for request in await store.read(remote_lists.requested):
        await store.write(remote_lists.publish, request, [])
        await store.write(remote_lists.publish_failure, request, "away")
    await store.write(remote_lists.answer_draft, asking.id)
    await store.write(lambda work: work.lists.versions(frozenset(Listing)))
    await store.write(lambda work: work.cards.mark_outdated([asking.id]))
    await Housekeeping(store, clock).tidy()
    await store.write(tell_feed, batch)
    assert await current(database) is not None


def begin_feed(work: SqlWork) -> None:
    work.group_chats.add(GROUP_CHAT, "Team", GroupChatState.ALLOWED)
    work.feed.begin(replace(ANA, chat_id=GROUP_CHAT), NOW)


def tell_feed(work: SqlWork, batch_id: int) -> None:
    """Two batches have ended, one of them just now: both are told together."""
    for each in (batch_id, MIDDLE):
        work.feed.add(each, Ended(imported=(MIDDLE,)), work.now)
    assert work.feed.told(MIDDLE) == Ended(imported=(MIDDLE,))
    work.feed.ended([batch_id, MIDDLE], NOW)
    assert next_message(work) is not None
    work.feed.people([batch_id, MIDDLE])
