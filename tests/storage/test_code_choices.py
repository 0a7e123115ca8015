"""Choices of single codes: beside their draft's, on the way into the import log, and in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.draft import MOST_CODES, DefaultGroup, Draft, ListedGroup, OwnChoices
from bot.domain.import_events import Answered
from bot.domain.outcome import Imported, Refused
from bot.domain.proxy import Custom, Direct, Keep, Saved
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.tables import draft_codes, imports, secrets
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.records import DraftState, StoredDraft
from tests.storage.support import (
    CODE,
    CUSTOM,
    EXTRACTION,
    LINK,
    MAI,
    NOW,
    OTHER,
    PASSWORD,
    batch_by_id,
    draft_by_id,
    draft_of,
    opened,
    rows,
)  # fmt: skip

THIRD = "99990000-11112222"
ONE, TWO, THREE = map(TransferCode, (CODE, OTHER, THIRD))
#: A password of its own, a link of its own; each else the draft's.
OWN = {
    TWO: OwnChoices(ListedGroup(9, "店铺"), replace(CUSTOM, password="its-own"), ("own.example",), "note"),
    THREE: OwnChoices(proxy=EXTRACTION),
}
DRAFT = replace(draft_of(CODE, OTHER, THIRD, proxy=CUSTOM, group=ListedGroup(5, "Shops")), bypass=("a",), own=OWN)


async def change(store: SqlStore, before: StoredDraft, draft: Draft) -> StoredDraft:
    """The draft, changed and read again."""
    assert await store.write(lambda work: work.drafts.change(before, draft, NOW, repost=False))
    after = await draft_by_id(store, before.id)
    assert after.draft == draft
    return after


async def kept(database: Database) -> list[tuple[str, str]]:
    """Every secret that there is, by its name."""
    return sorted((row["name"], database.cipher.decrypt(row["value"])) for row in await rows(database, secrets))


DRAFTS = ("password", PASSWORD)


async def test_they_are_kept_with_their_secrets_apart(database: Database, store: SqlStore) -> None:
    stored = await opened(store, DRAFT)
    assert stored.draft == DRAFT
    assert await kept(database) == [("link", LINK), ("password", "its-own"), DRAFTS]
    of_rows = {row["code_hash"]: row["id"] for row in await rows(database, draft_codes)}
    owners = {row["draft_code_id"] for row in await rows(database, secrets) if row["draft_id"] is None}
    assert owners == {of_rows[database.cipher.code_hash(code)] for code in (TWO, THREE)}
    assert not any("its-own" in repr(row) or LINK in repr(row) for row in await rows(database, draft_codes))


async def test_each_may_be_changed_and_taken_back_and_the_order_stays(database: Database, store: SqlStore) -> None:
    stored = await opened(store, DRAFT)
    stored = await change(store, stored, replace(DRAFT, own={**OWN, ONE: OwnChoices(note="first")}))
    stored = await change(store, stored, replace(DRAFT, own={**OWN, TWO: OwnChoices(proxy=Direct())}))
    assert await kept(database) == [("link", LINK), DRAFTS]
    stored = await change(store, stored, replace(DRAFT, own={TWO: OWN[TWO]}))
    assert await kept(database) == [("password", "its-own"), DRAFTS]
    both = {ONE: OwnChoices(proxy=EXTRACTION), TWO: OwnChoices(proxy=replace(CUSTOM, password="anew"))}
    stored = await change(store, stored, replace(DRAFT, own=both))
    assert await kept(database) == [("link", LINK), ("password", "anew"), DRAFTS]
    stored = await change(store, stored, replace(DRAFT, own={}))
    assert await kept(database) == [DRAFTS]
    assert all(row["own"] is None for row in await rows(database, draft_codes))


async def test_with_a_code_its_own_choices_and_secrets_go(database: Database, store: SqlStore) -> None:
    stored = await opened(store, DRAFT)
    fewer = replace(DRAFT, codes=(ONE, THREE), own={THREE: OWN[THREE]})
    stored = await change(store, stored, fewer)
    assert await kept(database) == [("link", LINK), DRAFTS]
    # A code that joins brings its own.
    await change(store, stored, replace(fewer, codes=(ONE, THREE, TWO), own=OWN))
    assert await kept(database) == [("link", LINK), ("password", "its-own"), DRAFTS]


async def test_with_the_draft_all_go_and_another_s_stay(database: Database, store: SqlStore) -> None:
    stored = await opened(store, DRAFT)
    hers = replace(draft_of(CODE), own={ONE: OwnChoices(proxy=EXTRACTION)})
    other = await opened(store, hers, MAI)
    await store.write(lambda work: work.drafts.close(stored.id, DraftState.CANCELLED, NOW))
    assert await kept(database) == [("link", LINK)]
    assert await draft_by_id(store, other.id) == other


@pytest.mark.parametrize("end", ["close", "move"])
async def test_with_the_draft_they_go_although_its_codes_are_kept_to_be_shown(
    database: Database, store: SqlStore, end: str
) -> None:
    stored = await opened(store, replace(DRAFT, codes_deleted=True))
    if end == "close":
        await store.write(lambda work: work.drafts.close(stored.id, DraftState.CANCELLED, NOW))
    else:
        # Whoever has begun anew where the chat moves to has another open there.
        await opened(store, draft_of(), replace(stored.where, chat_id=-100))
        await store.write(lambda work: work.drafts.move_chat(stored.where.chat_id, -100))
    ended = await draft_by_id(store, stored.id)
    assert ended.state is DraftState.CANCELLED
    assert ended.draft.codes == DRAFT.codes
    assert await rows(database, secrets) == []


async def test_a_confirm_gives_each_import_its_own(database: Database, store: SqlStore) -> None:
    stored = await opened(store, replace(DRAFT, note="for all"))
    result = await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    assert result.batch_id is not None
    batch_id = result.batch_id

    found = await store.write(lambda work: work.imports.lock_batch(batch_id))
    assert [(row.code, row.group_id, row.proxy, row.bypass) for row in found] == [
        (ONE, 5, CUSTOM, ("a",)),
        (TWO, 9, replace(CUSTOM, password="its-own"), ("own.example",)),
        (THREE, 5, EXTRACTION, ("a",)),
    ]
    assert [row.state.takes_link for row in found] == [False, False, True]
    batch = await batch_by_id(store, batch_id)
    assert [(row.group_title, row.note) for row in batch.rows] == [
        ("Shops", "for all"), ("店铺", "note"), ("Shops", "for all")
    ]  # fmt: skip
    assert await kept(database) == [("link", LINK), ("password", "its-own"), DRAFTS]
    assert await rows(database, draft_codes) == []


async def test_the_profile_s_own_proxy_takes_no_bypass(store: SqlStore) -> None:
    draft = replace(DRAFT, codes=(ONE, TWO), own={ONE: OwnChoices(DefaultGroup(), Keep())})
    stored = await opened(store, draft)
    await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    found = await store.write(lambda work: work.imports.lock_batch(1))
    assert [(row.group_id, row.proxy, row.bypass) for row in found] == [(None, Keep(), ()), (5, CUSTOM, ("a",))]


async def test_the_secrets_of_one_import_go_at_its_end_while_another_s_stay(
    database: Database, store: SqlStore
) -> None:
    stored = await opened(store, DRAFT)
    await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    one, two, three = [row["id"] for row in await rows(database, imports)]
    for row_id in (one, two, three):
        assert await store.write(import_queue.claim, row_id)
    await store.write(import_queue.record, two, Answered(1, Refused(110002, "no such code"), NOW))
    assert await kept(database) == [("link", LINK), DRAFTS]
    # Its link is still to be set.
    await store.write(import_queue.record, three, Answered(1, Imported(7), NOW))
    assert await kept(database) == [("link", LINK), DRAFTS]
    await store.write(import_queue.record, one, Answered(1, Imported(5), NOW))
    assert await kept(database) == [("link", LINK)]


def statements_of(database: Database) -> tuple[list[str], Any]:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return seen, lambda: event.remove(database.engine, "before_cursor_execute", note)


async def test_five_hundred_codes_each_with_its_own_cost_as_many_statements_as_two(
    database: Database, store: SqlStore
) -> None:
    async def statements(codes: Sequence[TransferCode], where: Any) -> int:
        def own(password: str) -> Mapping[TransferCode, OwnChoices]:
            return {code: OwnChoices(proxy=replace(CUSTOM, password=f"{password}-{code.text}")) for code in codes}

        draft = replace(draft_of(proxy=CUSTOM), codes=tuple(codes))
        stored = await opened(store, replace(draft, own=own("first")), where)
        seen, stop = statements_of(database)
        stored = await change(store, stored, replace(draft, own=own("second")))
        await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
        stop()
        found = await store.write(lambda work: work.imports.lock_batch(stored.id))
        proxies = [row.proxy for row in found]
        assert [isinstance(each, Custom) and each.password for each in proxies] == [
            f"second-{code.text}" for code in codes
        ]
        return len(seen)

    few = await statements([ONE, TWO], MAI)
    many = [TransferCode(f"{number:08}-27182818") for number in range(MOST_CODES)]
    # SQLAlchemy writes long lists with RETURNING in some pieces.
    assert await statements(many, replace(MAI, user_id=3, chat_id=3)) <= few + 3


async def test_a_step_of_a_conversation_takes_few_statements(database: Database, store: SqlStore) -> None:
    """As many as before codes had choices of their own, and one for the mark of what is typed."""
    counts = {}
    seen, stop = statements_of(database)

    def count(what: str) -> None:
        counts[what] = len([each for each in seen if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))])
        seen.clear()

    plain = replace(draft_of(CODE, OTHER, proxy=Saved(5, "Berlin")))
    draft_id = await store.write(lambda work: work.drafts.open_new(MAI, plain, NOW))
    count("open")
    stored = await draft_by_id(store, draft_id)
    count("read")
    await store.write(lambda work: work.drafts.change(stored, replace(plain, page=1), NOW, repost=False))
    count("change")
    stored = await draft_by_id(store, draft_id)
    seen.clear()
    await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    count("confirm")
    await store.write(lambda work: work.drafts.close(draft_id, DraftState.CANCELLED, NOW))
    stop()
    assert counts == {"open": 3, "read": 1, "change": 1, "confirm": 8}
