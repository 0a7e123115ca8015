"""Forgetting somebody who has something under way: it is settled as when they are removed, and names them nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.handoff import HandoffStatus
from bot.domain.import_state import Status
from bot.errors import Refused
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.handoff_tables import handoff_codes, handoffs
from bot.storage.tables import imports, users
from bot.usecases import import_queue
from bot.usecases.forgetting import Forgotten, forget
from bot.usecases.receiving import decline_handoff
from bot.usecases.records import CardKind
from bot.usecases.shared_card_rows import SharedKind
from tests.storage.migrating import everything
from tests.storage.support import rows
from tests.support.team import ADMIN, ANA, CODES, IMPORTED, KIM, TEAM, Team

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")

ONE, TWO, THREE, FOUR, FIVE, *_ = CODES
PSEUDONYM = 123456789012345678


@pytest.fixture
async def team(database: Database) -> Team:
    team = Team(database)
    await team.gather()
    return team


async def naming(team: Team, user_id: int) -> list[str]:
    """The tables in which a number stands, in whatever column."""
    content = await everything(team.database)
    return sorted(table for table, some in content.items() if str(user_id) in str(some) and table != "audit_erasures")


async def busy(team: Team) -> dict[str, int]:
    """Kim has what waits for them, what they have taken, given and begun, and an import in the queue; the handoffs."""
    found = {
        "waits": await team.leave(ANA, KIM, ONE),
        "taken": await team.leave(ANA, TEAM, TWO),
        "given": await team.leave(KIM, TEAM, THREE),
        "queued": await team.leave(ANA, KIM, FOUR),
    }
    await team.take(KIM, found["queued"])
    await team.confirm(KIM)
    await team.take(KIM, found["taken"])
    return found


async def test_what_they_have_under_way_is_settled(team: Team) -> None:
    found = await busy(team)
    done = await team.store.write(forget, KIM.user_id, PSEUDONYM)
    assert isinstance(done, Forgotten)
    assert (done.cancelled, done.drafts_closed, done.handed_on, done.heir) == (1, 1, 1, ADMIN.user_id)
    assert done.given_back == 2
    assert await team.statuses(found["waits"]) == [HandoffStatus.DECLINED]
    assert await team.statuses(found["taken"]) == [HandoffStatus.WAITING]
    assert await team.statuses(found["given"]) == [HandoffStatus.WAITING]
    assert await team.statuses(found["queued"]) == [HandoffStatus.DECLINED]
    owners = {row["id"]: row["owner_id"] for row in await rows(team.database, handoffs)}
    assert owners[found["given"]] == ADMIN.user_id
    assert [row["status"] for row in await rows(team.database, imports)] == [Status.CANCELLED]
    assert await naming(team, KIM.user_id) == []
    assert await team.faults() == []
    # What is counted is what was there, and is there.
    assert done.before["users"] == 1
    assert "users" not in done.after
    assert done.after["imports"] == 1


async def test_who_is_not_known_any_more_is_not_forgotten_again(team: Team) -> None:
    await busy(team)
    assert await team.store.write(forget, KIM.user_id, PSEUDONYM)
    before = await everything(team.database)
    assert await team.store.write(forget, KIM.user_id, PSEUDONYM + 1) is None
    assert await everything(team.database) == before


async def test_what_was_sent_has_to_end_first_and_nothing_is_changed_before(team: Team) -> None:
    found = await busy(team)
    # Its answer has not come.
    await team.store.write(import_queue.claim, await team.import_of(FOUR))
    before = await everything(team.database)
    with pytest.raises(Refused, match=r"not known how they end \(1\)"):
        await team.store.write(forget, KIM.user_id, PSEUDONYM)
    assert await everything(team.database) == before
    assert await team.statuses(found["queued"]) == [HandoffStatus.IMPORTING]


async def test_what_may_have_arrived_is_nobodys_and_stays_so(team: Team) -> None:
    found = await busy(team)
    await team.end(FOUR, None)
    assert [row["status"] for row in await rows(team.database, imports)] == [Status.UNKNOWN]
    assert await team.store.write(forget, KIM.user_id, PSEUDONYM)
    assert [row["status"] for row in await rows(team.database, imports)] == [Status.UNKNOWN]
    assert await team.statuses(found["queued"]) == [HandoffStatus.IMPORTING]
    assert await naming(team, KIM.user_id) == []


async def test_the_export_has_every_row_of_theirs_and_no_secret(team: Team) -> None:
    await busy(team)
    handoff_id = await team.leave(ANA, KIM, FIVE)
    await team.take(KIM, handoff_id)
    await team.confirm(KIM)
    await team.end(FIVE, IMPORTED)
    counted = await team.read(lambda work: work.erasing.counts(KIM.user_id))
    exported = await team.read(lambda work: work.erasing.export(KIM.user_id))
    assert {table: len(some) for table, some in exported.items() if table != "draft_codes"} == counted
    text = json.dumps(exported)
    assert FIVE in text
    for code in (ONE, TWO, THREE, FOUR):
        assert code not in text
    assert [row["code"] for row in exported["draft_codes"]] == [f"{TWO[:4]}••••-••••{TWO[-4:]}"]
    assert isinstance(team.database.cipher, Cipher)


async def test_nothing_that_was_left_for_somebody_names_them(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    await team.take(KIM, handoff_id)
    await team.confirm(KIM)
    await team.end(ONE, IMPORTED)

    def shown(work: Any) -> None:
        [copy] = work.shared_cards.behind([ANA.user_id])
        work.cards.note_shown(CardKind.SHARED, copy.id, message_id=10, rendered=copy.card.revision, complete=True)

    await team.store.write(shown)
    assert await team.store.write(forget, KIM.user_id, PSEUDONYM)
    assert await naming(team, KIM.user_id) == []
    behind = await team.read(lambda work: work.shared_cards.behind([ANA.user_id]))
    assert [copy.kind for copy in behind] == [SharedKind.RECEIPT]


async def test_what_has_come_back_to_somebody_is_an_admin_s(team: Team) -> None:
    back = await team.leave(ANA, KIM, ONE)
    await team.press(decline_handoff, KIM, back)
    others = await team.leave(ADMIN, TEAM, TWO)
    assert await team.store.write(forget, ANA.user_id, PSEUDONYM)
    assert ANA.user_id not in {row["id"] for row in await rows(team.database, users)}
    kept = {row["handoff_id"]: row["code_encrypted"] is not None for row in await rows(team.database, handoff_codes)}
    assert kept == {back: True, others: True}
    proposals = {row["id"]: row["proposal"] is not None for row in await rows(team.database, handoffs)}
    assert proposals == {back: True, others: True}
    assert {row["owner_id"] for row in await rows(team.database, handoffs)} == {ADMIN.user_id}
