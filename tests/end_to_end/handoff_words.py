"""What receipts and notices have to say of codes that stand so, and what they say otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.end_to_end.talk import button_with
from tests.standins.telegram_state import Message

Row = Mapping[str, Any]
Name = Callable[[int | None], str]

_RETURNED = {"declined", "withdrawn", "expired", "failed"}
_SIGNS = {
    "waiting": "⏳",
    "taken": "✋",
    "importing": "⏳",
    "imported": "✅",
    "declined": "↩️",
    "withdrawn": "↩️",
    "expired": "⌛",
    "failed": "❌",
}
_ALL_ALIKE = {
    "waiting": "⏳ Handed over, not taken yet.",
    "taken": "✋ Taken, not confirmed yet.",
    "importing": "⏳ Being imported.",
    "declined": "↩️ Came back to you.",
    "withdrawn": "↩️ Taken back.",
    "expired": "⌛ Not taken in time.",
    "failed": "❌ Not imported.",
}
_COUNTED = {"importing": "being imported", "withdrawn": "taken back", "expired": "not taken in time"}


# --- the receipt ------------------------------------------------------------------------------------------------------


def receipt_faults(
    text: str, handoff: Row, codes: Sequence[Row], imports: Mapping[int, Row], name: Name
) -> Iterator[str]:
    """What a receipt says that is not so."""
    head, lines = _headline([code["status"] for code in codes]), text.splitlines()
    if all(code["import_id"] and imports[code["import_id"]]["status"] == "unknown" for code in codes):
        head = "❓ Result unknown. Check in ixBrowser."
    if lines[0] != head:
        yield f"it begins with {lines[0]!r} and not {head!r}"
    whom = "For the team · " if handoff["receiver_id"] is None else f"For: {name(handoff['receiver_id'])} · "
    if not any(line.startswith(whom) for line in lines):
        yield f"it does not say {whom!r}"
    for code in codes:
        beginning = f"{_SIGNS[code['status']]} {code['code_mask']}: {_said(code, handoff, imports, name)}"
        if beginning not in text:
            yield f"it does not say {beginning!r}"
        if code["status"] == "imported" and f"by {name(code['taker_id'])}, " not in text:
            yield f"it does not say who has imported {code['code_mask']}"


def _headline(statuses: Sequence[str]) -> str:
    total, done = len(statuses), statuses.count("imported")
    if done == total:
        return "✅ Imported." if total == 1 else f"✅ All {total} imported."
    if done:
        return f"{done} of {total} imported"
    if len(set(statuses)) == 1:
        return _ALL_ALIKE[statuses[0]]
    if "importing" in statuses:
        return f"⏳ Importing: {done} of {total} done"
    return "↩️ Came back to you." if set(statuses) <= _RETURNED else "⏳ Not finished yet."


def _said(  # noqa: PLR0911 - one for each way in which it can stand
    code: Row, handoff: Row, imports: Mapping[int, Row], name: Name
) -> str:
    """How the line of one code goes on."""
    match code["status"], code["reason"]:
        case "taken", _:
            return f"taken by {name(code['taker_id'])}, "
        case "imported", _:
            row = imports[code["import_id"]]
            return (
                "the profile " if row["profile_id"] is None else f"profile {row['profile_id']} “{row['profile_name']}”"
            )
        case "declined", "cancelled":
            return "its import was cancelled, "
        case "declined", "removed":
            return f"{name(handoff['receiver_id'])} can't import any more, "
        case "declined", _:
            return f"declined by {name(handoff['receiver_id'])}, "
        case "withdrawn", _:
            return "taken back, "
        case "expired", _:
            return "not taken in time, "
        case "failed", _:
            return ""
        case status, _:
            return str(status)


# --- the notice -------------------------------------------------------------------------------------------------------


def notice_faults(
    message: Message, handoff: Row, codes: Sequence[Row], notice: Row, name: Name, *, may_take: bool
) -> Iterator[str]:
    """What somebody was told that is not so; ``may_take``: they have the role for it."""
    reader, waits = notice["user_id"], any(code["status"] == "waiting" for code in codes)
    heading = f"{name(handoff['giver_id'])} has left {len(codes)} code"
    own = handoff["giver_id"] == reader
    if not own and not message.text.startswith(heading):
        yield f"it does not begin with {heading!r}"
    takes = button_with(message, "take") is not None
    if takes != (waits and may_take and handoff["receiver_id"] in {None, reader}):
        yield f"it has a button to take it: {takes}"
    if takes and notice["later_at"] is not None:
        wanted = "I'll tell you again"
    else:
        wanted = _standing(codes, handoff, reader, name)
    if wanted not in message.text:
        yield f"it does not say {wanted!r}"


def _waiting(handoff: Row, reader: int) -> str:
    if handoff["receiver_id"] in {None, reader}:
        return ""
    return "Not taken yet." if handoff["owner_id"] == reader else "This is for somebody else now."


def _standing(  # noqa: PLR0911 - one for each way in which it can stand
    codes: Sequence[Row], handoff: Row, reader: int, name: Name
) -> str:
    """How it stands, for one reader; nothing where it waits."""
    alike = {(code["status"], code["taker_id"], code["reason"]) for code in codes}
    if len(alike) > 1:
        counts = Counter(code["status"] for code in codes)
        done = counts.pop("imported", 0)
        parts = [f"{counts[status]} {_COUNTED.get(status, status)}" for status in _SIGNS if status in counts]
        return ", ".join([*([f"{done} of {len(codes)} imported"] if done else []), *parts])
    [(status, taker, reason)] = alike
    owner, whom = handoff["owner_id"], taker or handoff["receiver_id"]
    match status, reason:
        case "waiting", _:
            return _waiting(handoff, reader)
        case (("taken" | "importing" | "imported"), _):
            ended = str(_COUNTED.get(status, status)).capitalize()
            return f"{ended} by {'you' if taker == reader else name(taker)}."
        case "withdrawn", _:
            return "Taken back by you." if owner == reader else f"Taken back by {name(owner)}."
        case "expired", _:
            return "Not taken in time."
        case _, "refused":
            return "Could not be imported."
        case _, "removed":
            return f"{'You' if whom == reader else name(whom)} can't import any more."
        case _, "cancelled":
            return f"{'You have' if whom == reader else f'{name(whom)} has'} cancelled the import."
        case _:
            return f"Declined by {'you' if whom == reader else name(whom)}."
