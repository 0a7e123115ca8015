"""The table of spellings: proxies as sellers, tools and people write them, each with its source.

``right`` is what the text means, ``must`` what has to happen: ``read``, ``ask`` or ``refuse`` with the reason. Hosts
and logins are made up; the forms are those of the sources.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from bot.errors import InputError

TABLE = Path(__file__).with_name("spellings.json")
#: Texts that are easily misread: labels that are glued, words in place of a login, remarks behind a password.
DOUBTS = Path(__file__).with_name("doubts.json")
#: The forms of which the README says that they are read, in its order.
FORMS = (
    "host:port:user:password",
    "user:password@host:port",
    "user:password:host:port",
    "signs of their own",
    "a link with a scheme",
    "a type around it",
    "labels",
    "a label over each value",
    "a header line",
    "a rotate link behind",
    "a name or a place around it",
    "a sentence around it",
    "arguments of curl",
    "tools that take a proxy",
    "hosts of every sort",
    "passwords of every sort",
    "public reports",
)


@dataclass(frozen=True, slots=True)
class Spelling:
    form: str
    source: str
    text: str
    right: dict[str, Any] | None
    must: str

    def outcome(self) -> str:
        """``read``, ``ask``, ``refuse`` with the reason, or ``misread``."""
        try:
            reading = read_proxy(self.text)
        except InputError as mistake:
            return f"refuse {mistake.reason}"
        found = reading.ways
        if isinstance(reading, Clear) and self._is_right(reading.proxy):
            return "read"
        asked = len(found) > 1 or found[0].password is None
        return "ask" if asked and any(map(self._may_be_right, found)) else "misread"

    def _is_right(self, proxy: Custom) -> bool:
        return self.right is not None and self._may_be_right(proxy) and proxy.password == self.right["password"]

    def _may_be_right(self, proxy: Custom) -> bool:
        """Whether the rest of the answers can make this what the text means."""
        if self.right is None:
            return False
        told = (proxy.host, proxy.port, proxy.user) == tuple(self.right[name] for name in ("host", "port", "user"))
        type_ = proxy.type.value if proxy.type else None
        return told and self.right.get("type", type_) == type_ and proxy.password in (self.right["password"], None)


def spellings(table: Path = TABLE) -> Sequence[Spelling]:
    return [Spelling(**row) for row in json.loads(table.read_text(encoding="utf-8"))]


def mistaken(table: Sequence[Spelling]) -> Sequence[str]:
    """A line for each spelling that is not taken as it must be."""
    outcomes = [(each, each.outcome()) for each in table]
    return [
        f"{each.text!r}: {outcome}, must be {each.must} ({each.form}; {each.source})"
        for each, outcome in outcomes
        if outcome != each.must
    ]


def table_of_forms() -> str:
    """The README's table of the forms that are read, each with its first example that is short."""
    rows = ["| form | for example | tried |", "|---|---|---|"]
    for form in FORMS:
        some = [each for each in spellings() if each.form == form]
        short = min(some, key=lambda each: (any(map(each.text.__contains__, "|`")), len(each.text) > 70))
        shown = short.text.replace("\n", " ⏎ ").replace("\t", " ⇥ ")
        rows.append(f"| {form} | `{shown}` | {len(some)} |")
    return "\n".join(rows)
