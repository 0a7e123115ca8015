"""Whether people were told the truth after each recovery, and whether in the end everything has happened once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.chat.callbacks import BATCH
from bot.chat.recovery import texts
from bot.chat.translator import plain, translator
from bot.domain.transfer_code import mask
from tests.end_to_end.handoff_verdict import owners_faults
from tests.end_to_end.process import BotProcess
from tests.end_to_end.snapshot import Snapshot, codes_of
from tests.end_to_end.survivors import Survivor, generation_of
from tests.end_to_end.talk import read
from tests.standins.telegram_state import Message

if TYPE_CHECKING:
    from tests.end_to_end.restored_lane import RestoredLane

Row = Mapping[str, Any]

_ENGLISH = translator("en")
CLOSED, NOT_YET, BEFORE = (plain(text(_ENGLISH)) for text in (texts.closed, texts.not_yet, texts.before_restore))
_BACK = frozenset({"declined", "withdrawn", "expired", "failed"})
_ENDED = frozenset({"imported", "failed", "cancelled"})
_SIGNS = {"imported": "✅", "failed": "❌", "cancelled": "🚫"}
_WRONG_CODE = 110002


class Breaks:
    """What is wrong with what follows from the latest break. ``pressed`` are who has pressed which button of before."""

    def __init__(self, lane: RestoredLane) -> None:
        self._lane = lane
        self.pressed: list[tuple[int, str]] = []
        self._answers = 0
        self._begun_at = datetime.now(UTC)

    def begin(self) -> None:
        self.pressed.clear()
        self._begun_at = datetime.now(UTC)
        self._answers = len(self._lane.computer.office.telegram.answers)

    async def judge(self, bot: BotProcess) -> None:
        """Once it is over."""
        office, found = self._lane.computer.office, self._lane.found
        assert found is not None
        # What is still to be said is.
        async with asyncio.timeout(20):
            while office.rows("outbox") or office.telegram.updates.pending:
                await bot.runs_on(0.05)
        self._lane.result.wrong += self._complaints(found, bot)

    def _complaints(self, found: Snapshot, bot: BotProcess) -> Iterator[str]:
        office = self._lane.computer.office
        generation = office.rows("installation")[0]["generation"]
        if generation <= found.generation:
            said = f"{self._lane.what}\n{bot.said[:3000]}"
            yield f"no recovery began: generation {generation} after {found.generation}: {said}"
        states = {row["id"]: row["state"] for row in office.rows("drafts")}
        for draft_id in found.open_drafts:
            if states.get(draft_id) != "cancelled":
                yield f"draft {draft_id} of before is {states.get(draft_id)}"
        for somebody in self._lane.people:
            told = sum(m.text == CLOSED for m in somebody.chat.messages if m.id > self._lane.since and m.from_bot)
            least = int(somebody.person.id in found.concerned)
            if not least <= told <= least * (1 + self._lane.kills):
                yield f"{somebody.person.first_name} was told {told} times that all is closed, not {least} times"
            messages = [m for m in somebody.chat.messages if generation_of(m) == generation]
            yield from self._told_again(messages, found)
        for row in office.rows("handoff_codes"):
            made_at = self._lane.browser.made_at.get(row["code"])
            if row["status"] in {"waiting", "taken"} and made_at is not None and made_at < self._begun_at:
                yield f"{row['code']} was imported, and is {row['status']} after the recovery"
        for answer in office.telegram.answers[self._answers :]:
            if (answer.person.id, answer.data) in self.pressed and answer.text not in {NOT_YET, BEFORE}:
                yield f"a button of before, {answer.data}, was answered by {answer.text!r}"

    def _told_again(self, messages: Sequence[Message], found: Snapshot) -> Iterator[str]:
        for message in messages:
            press = read(message.all_buttons[0].callback_data) if message.buttons else None
            if message.id <= self._lane.since or press is None or press.kind != BATCH:
                continue
            if press.id in found.over and any(mask(code) in message.text for code in found.over[press.id]):
                yield f"batch {press.id} was told once more:\n{message.transcript()}"


def complaints(lane: RestoredLane, names: Mapping[str, str]) -> Iterator[str]:
    """Sentences about what is wrong in the end. ``names`` has the good codes."""
    office, browser = lane.computer.office, lane.browser
    imports, handoffs = office.rows(), office.rows("handoff_codes")
    yield from (f"{code} was imported {count} times" for code, count in browser.made.items() if count > 1)
    for computer in lane.computers:
        yield from (f"{code} was sent again with no look at the records" for code in computer.way.audit.sent_blindly)
    yield from owners_faults(office)
    yield from lane.leaks()
    expected = frozenset[str]() if lane.found is None else lane.found.held
    there = {*codes_of(imports), *codes_of(handoffs)}
    masks = {row["code_mask"] for row in [*imports, *handoffs]}
    yield from (f"{code} is lost, and was there" for code in expected - there if mask(code) not in masks)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in imports:
        rows[row["code"] or row["code_mask"]].append(row)
    # What waited in a handoff and had arrived is imported without a row in the log.
    arrived = {row["code"] or row["code_mask"] for row in handoffs if row["status"] == "imported"}
    for code, some in rows.items():
        settled = bool({code, mask(code)} & arrived)
        yield from _of_imports(lane, code, some, good=code in names, settled=settled)
    left_at = {row["id"]: _moment(row["created_at"]) for row in office.rows("handoffs")}
    for row in handoffs:
        code = row["code"] or row["code_mask"]
        made_at = browser.made_at.get(code)
        # One that was imported in a life that is gone, and is left anew, nobody knows of.
        is_known = made_at is not None and (code in expected or made_at > left_at[row["handoff_id"]])
        if row["status"] in {"waiting", "taken"} and is_known:
            yield f"{code} is {row['status']} with somebody, and is imported"
        if row["status"] == "importing":
            yield f"{code} is still being imported"
    yield from _of_people(lane, rows)


def _of_imports(lane: RestoredLane, code: str, rows: Sequence[Row], *, good: bool, settled: bool) -> Iterator[str]:
    made, statuses = lane.browser.made[code], [row["status"] for row in rows]
    held = frozenset[str]() if lane.found is None else lane.found.held
    if not set(statuses) <= _ENDED:
        yield f"{code} is {statuses}"
    if statuses.count("imported") > made:
        yield f"{code} is {statuses}, and was imported {made} times"
    if made and "imported" not in statuses:
        # What was imported before it was confirmed, by a database that is gone, ixBrowser calls a wrong code, unless
        # whoever has confirmed it has cancelled it before it was sent.
        for row in rows:
            before = lane.browser.made_at[code] < _moment(row["created_at"]) and (settled or code not in held)
            called_wrong = row["status"] == "failed" and row["error_code"] == _WRONG_CODE
            if not (before and (called_wrong or row["status"] == "cancelled")):
                made_at = lane.browser.made_at[code]
                yield f"{code} is {statuses}, and is imported at {made_at}: {dict(row)}"
    if good and not made and any(row["error_code"] == _WRONG_CODE for row in rows):
        yield f"{code} is called a wrong one, and is right"


def _moment(value: object) -> datetime:
    """A moment as either kind of database has it."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _of_people(lane: RestoredLane, rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    for somebody in lane.people:
        name = somebody.person.first_name
        for code in dict.fromkeys(somebody.codes):
            sign, made = somebody.ending(code), lane.browser.made[code]
            theirs = [row for row in rows[code] if row["user_id"] == somebody.person.id]
            if sign == "✅" and not made:
                yield f"{name} was told that {code} is imported, and it is not"
            statuses = [row["status"] for row in theirs]
            # A card of a life that is gone may stand below the one that told it.
            told = [status for status in statuses if somebody.was_told(code, _SIGNS.get(status, ""))]
            if theirs and not told and set(statuses) <= _ENDED:
                yield f"{name} was told {sign!r} of {code}, which is {statuses}\n{_about(somebody, code)}"
            if theirs and sign not in {"", "✅"} and statuses[-1] == "imported":
                yield f"{name} was told {sign} of {code}, which is imported\n{_about(somebody, code)}"


def _about(somebody: Survivor, code: str) -> str:
    """What was said of a code in somebody's chat."""
    said = [message for message in somebody.chat.messages if code in message.text or mask(code) in message.text]
    return "\n".join(f"#{message.id} {generation_of(message)} {message.transcript()}" for message in said[-8:])
