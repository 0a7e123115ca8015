"""Messages that a Telegram program made of one text that was too long: handed on together, as one update.

The parts come one after another, often in several answers of Telegram's. Until all are there none is handed on, nor
acknowledged: a process that ends meanwhile loses nothing, since Telegram delivers them once more. What other people
send goes on meanwhile, and is repeated by Telegram beside the part that waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.known_people import Known
from bot.domain.split_messages import MOST_PARTS, SHORTEST_PART, units
from bot.usecases.ports import Clock

#: Seconds for which a message that may have been cut waits for the rest of its text, and between two looks for it.
WAIT, LOOK_EVERY = 2.0, 0.25
#: Seconds between two parts by Telegram's own clock, which counts whole ones.
APART = 3
#: Updates that Telegram gives out at once: what comes behind them is not seen while the first ones wait.
MOST_UPDATES = 100
#: Under this name an update has those with the rest of its message's text.
FOLLOWERS = "followers"

RawUpdate = dict[str, Any]


class SplitMessages:
    """Sorts the updates that Telegram gives out. ``waits`` says that one of them is to be asked for again soon."""

    def __init__(self, clock: Clock, known: Known) -> None:
        self._clock = clock
        self._known = known
        # Since when each message waits for the rest of its text.
        self._since: dict[int, float] = {}
        # Updates that were handed on although one before them waits, so that Telegram gives them out again.
        self._handed_on: set[int] = set()

    @property
    def waits(self) -> bool:
        return bool(self._since)

    def concern(self, updates: Iterable[RawUpdate]) -> bool:
        """Whether one of the updates is part of a text, or may be."""
        return self.waits or any(_may_be_cut(update) for update in updates)

    async def sort(self, updates: Sequence[RawUpdate]) -> list[RawUpdate]:
        """Those that are to be handled now. What PTB asks for next is what comes behind the last of them."""
        fresh = [update for update in updates if update["update_id"] not in self._handed_on]
        ready, growing = _texts_of(fresh)
        known = await self._of_known_people(growing)
        now = self._clock.awake()
        self._since = {parts[-1]["update_id"]: self._since.get(parts[-1]["update_id"], now) for parts in growing}
        for parts in growing:
            waited = now - self._since[parts[-1]["update_id"]]
            if parts not in known or len(updates) >= MOST_UPDATES or waited >= WAIT:
                ready.append(parts)
                del self._since[parts[-1]["update_id"]]
        waiting = [parts[0]["update_id"] for parts in growing if parts[-1]["update_id"] in self._since]
        self._handed_on |= {update["update_id"] for parts in ready for update in parts}
        if not waiting:
            self._handed_on.clear()
        result = [_joined(parts) for parts in ready]
        last = min(waiting) - 1 if waiting else max((update["update_id"] for update in updates), default=-1)
        if updates and (not result or result[-1]["update_id"] != last):
            result.append({"update_id": last})
        return result

    async def _of_known_people(self, growing: Sequence[list[RawUpdate]]) -> Sequence[list[RawUpdate]]:
        """The texts of those who may use the bot, which those that wait already are."""
        new = {_writer(parts) for parts in growing if parts[-1]["update_id"] not in self._since}
        known = await self._known(new) if new else new
        return [parts for parts in growing if _writer(parts) in known or parts[-1]["update_id"] in self._since]


def _texts_of(updates: Sequence[RawUpdate]) -> tuple[list[list[RawUpdate]], list[list[RawUpdate]]]:
    """The updates, those of one text together: in order, and apart from them those to which more may belong."""
    whole: list[list[RawUpdate]] = []
    growing: dict[tuple[int, int], list[RawUpdate]] = {}
    for update in updates:
        by = _by_whom(update)
        parts = [] if by is None else growing.pop(by, [])
        if parts and not _continues(parts[-1], update):
            whole.append(parts)
            parts = []
        parts.append(update)
        if by is not None and len(parts) < MOST_PARTS and _may_be_cut(update):
            growing[by] = parts
        else:
            whole.append(parts)
    return whole, list(growing.values())


def _joined(parts: Sequence[RawUpdate]) -> RawUpdate:
    first, *others = parts
    return {**first, FOLLOWERS: others} if others else first


def _by_whom(update: RawUpdate) -> tuple[int, int] | None:
    """The chat, and the person there who has written or tapped."""
    acted: RawUpdate = update.get("callback_query") or update.get("message") or update.get("edited_message") or {}
    chat, person = acted.get("message", acted).get("chat"), acted.get("from")
    return None if chat is None or person is None else (chat["id"], person["id"])


def _writer(parts: Sequence[RawUpdate]) -> int:
    return int(parts[-1]["message"]["from"]["id"])


def _may_be_cut(update: RawUpdate) -> bool:
    return units(update.get("message", {}).get("text", "")) >= SHORTEST_PART


def _continues(before: RawUpdate, update: RawUpdate) -> bool:
    """Whether an update is a message with more of the text."""
    message = update.get("message", {})
    if "text" not in message or _is_command(message):
        return False
    (origin, sent), (next_origin, next_sent) = _origin(before["message"]), _origin(message)
    return origin == next_origin and 0 <= next_sent - sent <= APART


def _is_command(message: RawUpdate) -> bool:
    return any(each["type"] == "bot_command" and each["offset"] == 0 for each in message.get("entities", ()))


def _origin(message: RawUpdate) -> tuple[tuple[object, ...], int]:
    """In which topic a message was sent, of whom it was forwarded, and when it was sent at first."""
    origin = message.get("forward_origin", {})
    whose = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
    told = message.get("message_thread_id"), origin.get("type"), whose.get("id"), origin.get("sender_user_name")
    return told, origin.get("date", message["date"])
