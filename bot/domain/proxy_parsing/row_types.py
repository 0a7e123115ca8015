"""The types that words and labels around the rows of a table, or under a declared order, tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.told import Told
from bot.domain.proxy_parsing.told_types import shared_out, type_of
from bot.domain.proxy_parsing.types import words_alone
from bot.errors import InputError


def typed_rows(view: View, rows: Sequence[Found], told: Sequence[Told]) -> Iterator[Found]:
    """The rows with the type that is told of each outside it; ``view`` is the text without what is explained."""
    labels = [each for one in told for each in one.types]
    words = words_alone(view.plain)
    plain, places = view.text.plain, [row.spans for row in rows]
    by_words, by_labels = shared_out(plain, words, places), shared_out(plain, labels, places)
    for row, own, labelled in zip(rows, by_words, by_labels, strict=True):
        try:
            type_ = type_of(plain, view.plain, own, labelled, row.spans)
        except InputError:
            type_ = None
        yield replace(row, readings=tuple(replace(each, type=each.type or type_) for each in row.readings))
