"""What one bot has been through that was restored and copied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.end_to_end.mischief import MischievousIxBrowser
from tests.end_to_end.office import Office


@dataclass(slots=True)
class RestoredResult:
    """``wrong`` are sentences; none of them: all went well."""

    seed: str
    moments: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, office: Office, browser: MischievousIxBrowser, counts: Counter[str]) -> None:
        """Note what has come of it."""
        self.counts = counts
        self.counts["imports sent"] = len(browser.imports)
        self.counts["profiles made"] = sum(browser.made.values())
        self.counts["imports logged in the end"] = len(office.rows())
        self.counts["codes left in the end"] = len(office.rows("handoff_codes"))

    @property
    def summary(self) -> str:
        wrong = f"{len(self.wrong)} WRONG" if self.wrong else "all well"
        told = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        return f"seed {self.seed}: killed {len(self.moments)} times; {told}: {wrong}"

    def __str__(self) -> str:
        return f"seed {self.seed}, killed {'; '.join(self.moments)}\n" + "\n".join(self.wrong)
