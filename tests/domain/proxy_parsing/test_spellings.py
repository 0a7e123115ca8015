"""Proxies as sellers, tools and people write them are read rightly, or asked about; none is misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.domain.proxy_parsing.spellings import FORMS, mistaken, spellings

SPELLINGS = spellings()


def test_every_spelling_is_taken_as_it_must_be_most_are_read_and_none_is_misread(
    record_property: Callable[[str, object], None],
) -> None:
    assert mistaken(SPELLINGS) == []
    counts = Counter(each.must.split()[0] for each in SPELLINGS)
    report = f"{len(SPELLINGS)} spellings: " + ", ".join(
        f"{counts[how]} {how}" for how in ("read", "ask", "refuse", "misread")
    )
    record_property("summary", report)
    assert len(SPELLINGS) >= 500
    assert counts["read"] >= 0.97 * len(SPELLINGS)
    assert counts["misread"] == 0


def test_every_spelling_stands_once_with_a_source() -> None:
    assert len({each.text for each in SPELLINGS}) == len(SPELLINGS)
    assert all(each.source for each in SPELLINGS)
    assert {each.form for each in SPELLINGS} - {"asked", "refused"} == set(FORMS)
