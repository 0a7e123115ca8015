"""Watches the requests to the stand-in of ixBrowser: no code may be sent again without a look at the records.

A transfer code whose import got no certain answer may have been used. Only a complete reading of the received records
that began after it was sent allows the same code to be sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from bot.domain.outcome import Unknown, classify
from tests.standins.ixbrowser_actions import IMPORT, RECEIVED, RECORDS
from tests.standins.ixbrowser_world import Row

#: Stands in the events where a reading of all pages of the received records has come to its end.
COMPLETE_READING = "received-records-complete"


class Audit:
    """``shown`` gives the ids of all records that can be seen now. One reading at a time is followed.

    ``events`` are, in order, every request that arrived as (action, its transfer code or ``""``), and the ends of
    complete readings.
    """

    def __init__(self, shown: Callable[[], Collection[int]]) -> None:
        self._shown = shown
        self._uncertain: set[str] = set()
        self._covered: set[str] = set()
        self._seen: set[int] = set()
        self.events: list[tuple[str, str]] = []
        self.sent_blindly: list[str] = []

    def arrived(self, action: str, body: Row) -> None:
        code = str(body.get("transfer_code") or "")
        self.events.append((action, code))
        if action == IMPORT:
            if code in self._uncertain:
                self.sent_blindly.append(code)
            self._uncertain.add(code)
        elif _is_reading(action, body) and body.get("page", 1) == 1:
            self._covered = set(self._uncertain)
            self._seen = set()

    def answered(self, action: str, body: Row, answer: bytes) -> None:
        """An answer reached whoever asked."""
        try:
            parts = json.loads(answer)
            code, data = parts["error"]["code"], parts["data"]
        except (ValueError, KeyError, TypeError):
            return
        if action == IMPORT and code != 0 and not isinstance(classify(code, ""), Unknown):
            self._uncertain.discard(str(body.get("transfer_code") or ""))
        elif _is_reading(action, body) and code == 0:
            self._seen.update(row["id"] for row in data["data"])
            if self._seen.issuperset(self._shown()):
                self.events.append((COMPLETE_READING, ""))
                self._uncertain -= self._covered


def _is_reading(action: str, body: Row) -> bool:
    return action == RECORDS and body.get("type") == RECEIVED and not body.get("title")
