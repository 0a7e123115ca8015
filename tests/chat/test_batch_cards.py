"""Cards of batches as Telegram would take them, with up to 500 results at their longest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.imports.card import batch_card
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import ProxyChoice
from bot.usecases.records import Batch, LoggedImport
from tests.support.cards import CHOICES, CODES, DOMAINS, LONG, NASTY, PRIVATE, SHOWN, T, taken

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(number: int, status: Status, **changes: object) -> LoggedImport:
    logged = LoggedImport(
        id=number,
        batch_id=1,
        user_id=1001,
        user_name=NASTY,
        code=CODES[number],
        code_mask=CODES[number].masked,
        key_lost=False,
        group_id=7,
        group_title="🛒" * 5000,
        proxy="keep",
        proxy_choice=LONG,
        bypass=DOMAINS,
        note=NASTY,
        status=status,
        proxy_status=None,
        profile_id=None,
        profile_name="",
        error_code=None,
        error_message="",
        waiting_for=None,
        held=False,
        cancel_wanted=False,
        created_at=NOON,
        finished_at=None,
    )
    return replace(logged, **changes)  # type: ignore[arg-type]  # any of its fields


def batch(*rows: LoggedImport, proxy: ProxyChoice = LONG, bypass: tuple[str, ...] = DOMAINS) -> Batch:
    rows = tuple(replace(row, proxy_choice=proxy, bypass=bypass) for row in rows)
    return Batch(
        id=10**18 - 1,
        draft_id=1,
        where=PRIVATE,
        card=SHOWN,
        confirmed_at=NOON,
        waited=False,
        codes_deleted=False,
        announced=False,
        rows=rows,
    )


ROWS: dict[str, dict[str, object]] = {
    "imported": {"status": Status.IMPORTED, "profile_id": 10**9, "profile_name": "🛒" * 5000},
    "imported without its number": {"status": Status.IMPORTED, "profile_name": "🛒" * 5000},
    "imported without its proxy": {
        "status": Status.IMPORTED,
        "profile_id": 10**9,
        "profile_name": "🛒" * 200,
        "proxy_status": ProxyStatus.MISSING,
        "error_code": 110002,
    },
    "refused": {"status": Status.FAILED, "error_code": 110002},
    "refused for a reason of its own": {
        "status": Status.FAILED,
        "error_code": 4711,
        "error_message": NASTY + "🛒" * 5000,
    },
    "unknown": {"status": Status.UNKNOWN},
    "checking": {"status": Status.CHECKING, "cancel_wanted": True},
    "waiting": {"status": Status.QUEUED, "waiting_for": "away"},
    "held": {"status": Status.QUEUED, "held": True},
    "cancelled": {"status": Status.CANCELLED},
}


@pytest.mark.parametrize("fields", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("count", [1, 2, 500])
def test_telegram_takes_the_card_of_500_imports_at_their_longest(fields: dict[str, object], count: int) -> None:
    status = fields["status"]
    assert isinstance(status, Status)
    rows = [row(number, status, **{k: v for k, v in fields.items() if k != "status"}) for number in range(count)]
    for proxy in CHOICES:
        taken(batch_card(T, batch(*rows, proxy=proxy)))


def test_every_value_of_a_result_is_shown_as_it_is() -> None:
    imported = row(1, Status.IMPORTED, profile_id=7, profile_name=NASTY)
    refused = row(2, Status.FAILED, error_code=4711, error_message=NASTY)
    for rows in ([imported], [refused], [imported, refused]):
        assert NASTY in taken(batch_card(T, batch(*rows)))
