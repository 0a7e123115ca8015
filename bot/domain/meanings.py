"""What a word means wherever it is typed: a group by its name, a proxy by its note, or one of a few words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from bot.domain.draft import DefaultGroup, ListedGroup, NamedChoice
from bot.domain.ixbrowser_objects import ListedProxy
from bot.domain.proxy import Direct, Keep, Saved, Static
from bot.domain.remote_lists import DEFAULT_GROUP_ID, Listing, Lists

#: The lists in which names are looked for.
NAMED_IN = frozenset({Listing.GROUPS, Listing.SAVED, Listing.STATIC})


class Word(StrEnum):
    """Words that are an answer as a button is, in whatever language they were typed."""

    KEEP = "keep"
    DIRECT = "direct"
    DEFAULT = "default"
    YES = "yes"
    NO = "no"


def folded(text: str) -> str:
    """A name as names are compared: on one line, whatever the case."""
    return " ".join(text.split()).casefold()


def meanings_of(text: str, word: Word | None, lists: Lists) -> tuple[NamedChoice, ...]:
    """All that a text may mean, each once."""
    wanted = folded(text)
    return tuple(dict.fromkeys(_meanings(wanted, word, lists))) if wanted else ()


def _meanings(wanted: str, word: Word | None, lists: Lists) -> Iterator[NamedChoice]:
    match word:
        case Word.KEEP:
            yield Keep()
        case Word.DIRECT:
            yield Direct()
        case Word.DEFAULT:
            yield DefaultGroup()
        case _:
            pass
    for group in lists.groups() or ():
        if folded(group.title) == wanted:
            yield DefaultGroup() if group.id == DEFAULT_GROUP_ID else ListedGroup(group.id, group.title)
    for proxy in lists.proxies(Listing.SAVED) or ():
        if _is_called(proxy, wanted):
            yield Saved(proxy.id, proxy.label)
    for proxy in lists.proxies(Listing.STATIC) or ():
        if _is_called(proxy, wanted):
            yield Static(proxy.id, proxy.label)


def _is_called(proxy: ListedProxy, wanted: str) -> bool:
    return wanted in {folded(proxy.note), folded(proxy.label)}
