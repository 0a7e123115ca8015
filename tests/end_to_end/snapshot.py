"""What a database holds while nobody serves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.end_to_end.office import Office

Row = Mapping[str, Any]

UNDER_WAY = frozenset({"queued", "sending", "checking"})
_WAITS = frozenset({"waiting", "taken", "importing"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``held`` are the codes that wait there in the queue or in a handoff, ``open_drafts`` the ids of those drafts.

    ``concerned`` are who has something open, ``over`` the batches of which all is told, by their ids, with the codes.
    """

    generation: int
    held: frozenset[str]
    open_drafts: frozenset[int]
    concerned: frozenset[int]
    over: Mapping[int, frozenset[str]]

    @classmethod
    def of(cls, office: Office) -> Snapshot:
        imports, drafts = office.rows("imports"), office.rows("drafts")
        waiting = [row["code"] for row in office.rows("handoff_codes") if row["status"] in _WAITS]
        queued = [row for row in imports if row["status"] in UNDER_WAY]
        opened = [row for row in drafts if row["state"] == "open"]
        of_batches: dict[int, list[Row]] = {}
        for row in imports:
            of_batches.setdefault(row["batch_id"], []).append(row)
        told = {
            row["id"]
            for row in office.rows("batches")
            if row["shown_revision"] >= row["revision"] and row["message_id"] is not None
        }
        return cls(
            office.rows("installation")[0]["generation"],
            frozenset(code for code in [*waiting, *(row["code"] for row in queued)] if code is not None),
            frozenset(row["id"] for row in opened),
            frozenset(row["user_id"] for row in [*opened, *queued]),
            {
                number: frozenset(row["code"] for row in rows if row["code"] is not None)
                for number, rows in of_batches.items()
                if number in told and all(map(_is_over, rows))
            },
        )


def _is_over(row: Row) -> bool:
    set_later = row["proxy_status"] in {"pending", "setting", "missing"}
    unnamed = row["status"] == "imported" and (not row["profile_name"] or row["profile_id"] is None)
    return row["finished_at"] is not None and row["status"] != "unknown" and not set_later and not unnamed


def newest_recovery(office: Office) -> Row | None:
    """The one with which the database's present life has begun; None in its first."""
    return max(office.rows("recoveries"), key=lambda row: int(row["generation"]), default=None)


def goes_on(recovery: Row | None) -> bool:
    """Whether the bot may send."""
    return recovery is None or (recovery["decision"] == "going_on" and recovery["settled_at"] is not None)


def is_over(recovery: Row | None) -> bool:
    """Whether nothing is to be answered any more."""
    return recovery is None or (goes_on(recovery) and recovery["members_confirmed_at"] is not None)


def codes_of(rows: Sequence[Row]) -> Sequence[str]:
    return [row["code"] for row in rows if row["code"] is not None]
