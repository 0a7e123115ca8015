"""Erasing somebody who has left codes, or was given some: none of it names them, and none of it is kept for them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.storage.database import Database
from bot.storage.handoff_tables import handoff_codes, handoffs
from bot.storage.tables import users
from bot.usecases.forgetting import forget
from bot.usecases.receiving import decline_handoff
from bot.usecases.records import CardKind
from bot.usecases.shared_card_rows import SharedKind
from tests.storage.migrating import everything
from tests.storage.support import rows
from tests.support.team import ADMIN, ANA, CODES, IMPORTED, KIM, TEAM, Team

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")

ONE, TWO, *_ = CODES
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
