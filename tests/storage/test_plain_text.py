"""No unused code, password or link is in plain text in any file of the database, while it is in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from bot.domain.draft import OwnChoices
from bot.domain.import_events import Answered, CancelWanted, Event, RecordsUnreadable, Recovered
from bot.domain.import_state import Status
from bot.domain.import_transitions import PROOF_WITHIN, TRIED_FOR
from bot.domain.outcome import Imported, NotSent, Refused
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.tables import imports
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.records import DraftState, Place
from tests.storage.plain_text import found
from tests.storage.support import (
    CUSTOM,
    EXTRACTION,
    NOW,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rows,
)

#: Of this test alone, since a server has other databases beside its one.
PASSWORDS = [f"plum-Tarn-5301-password-{number}" for number in range(12)]
LINKS = [f"https://extract.example/plum-tarn-5301-{number}" for number in range(12)]
CODES = [f"27182818-{number:08}" for number in range(40)]
#: What leads from an attempt to each end.
ENDS: Mapping[Status, Sequence[Event]] = {
    Status.SENDING: [],
    Status.CHECKING: [Recovered()],
    Status.IMPORTED: [Answered(1, Imported(5), NOW)],
    Status.FAILED: [Answered(1, Refused(110002, "no such code"), NOW)],
    Status.CANCELLED: [CancelWanted(NOW), Answered(1, NotSent(1010, "too fast"), NOW)],
    Status.UNKNOWN: [Recovered(), RecordsUnreadable(TRIED_FOR, NOW + PROOF_WITHIN)],
}


async def test_what_is_planted_can_be_found(database: Database) -> None:
    def plant(connection: Connection) -> None:
        connection.execute(text("INSERT INTO users (id, name, language, time_zone, created_at)"
                                " VALUES (5301, 'planted-Tarn-5301', '', '', '2026-03-01 12:00:00')"))  # fmt: skip

    await database.write(plant)
    assert await found(database, ["planted-Tarn-5301", "planted-Tarn-5302"]) == {"planted-Tarn-5301"}


async def test_whatever_has_happened_to_it_no_secret_is_in_a_file(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW)
    codes, passwords, links = iter(CODES), iter(PASSWORDS), iter(LINKS)
    place = iter(Place(number, number, None, "en") for number in range(1, 99))
    spent: list[str] = []

    # Drafts: open, with choices of single codes, changed, cancelled.
    first, second = next(codes), next(codes)
    draft = draft_of(first, second, proxy=replace(CUSTOM, password=next(passwords)))
    own = {TransferCode(second): OwnChoices(proxy=replace(EXTRACTION, link=next(links)))}
    stored = await opened(store, replace(draft, own=own), next(place))
    other = replace(draft, codes=(TransferCode(first),), proxy=replace(EXTRACTION, link=next(links)))
    for changed in (other, draft):
        before = await draft_by_id(store, stored.id)
        assert await store.write(
            lambda work, before=before, changed=changed: work.drafts.change(before, changed, NOW, repost=True)  # type: ignore[misc]
        )
    gone = await opened(store, draft_of(next(codes), proxy=replace(CUSTOM, password=next(passwords))), next(place))
    await store.write(lambda work: work.drafts.close(gone.id, DraftState.CANCELLED, NOW))

    # Imports: queued, and at each end, with a password and with a link.
    await confirmed(store, draft_of(next(codes), proxy=replace(CUSTOM, password=next(passwords))), next(place))
    for status, events in ENDS.items():
        for proxy in (replace(CUSTOM, password=next(passwords, "")), replace(EXTRACTION, link=next(links, ""))):
            code = next(codes)
            batch = await confirmed(store, draft_of(code, proxy=proxy), next(place))
            row = await store.write(import_queue.claim, batch.rows[0].id)
            assert row is not None
            for event in events:
                row = await store.write(import_queue.record, row.id, event)
                assert row is not None
            assert row.state.status is status
            if status is Status.IMPORTED:
                spent.append(code)

    assert await found(database, [*CODES, *PASSWORDS, *LINKS]) == set(spent)
    kept = await rows(database, imports)
    assert {row["transfer_code"] for row in kept} == {None, *spent}
    assert all((row["status"] == Status.IMPORTED) == (row["transfer_code"] is not None) for row in kept)
    assert not any(isinstance(value, str) and value in spent for row in kept
                   for name, value in row.items() if name != "transfer_code")  # fmt: skip
