"""What of ixBrowser's lists stands on a draft's card: what was searched for, and what its person used last first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.draft import Draft
from bot.domain.ixbrowser_objects import Group, ListedProxy
from bot.domain.remote_lists import DEFAULT_GROUP_ID, Listing, Lists


def groups(draft: Draft, lists: Lists) -> Sequence[Group]:
    """The groups whose title has what is searched for in it, whatever the case.

    The default group has a button of its own under every page, so that it is not among them.
    """
    found = [group for group in lists.groups() or () if _has(group.title, draft.search)]
    others = [group for group in found if group.id != DEFAULT_GROUP_ID]
    return sorted(others, key=lambda group: _place(group.id, draft.recent.groups))


def groups_found(draft: Draft, lists: Lists) -> int:
    """How many groups have what is searched for in their title, the default group included."""
    return sum(_has(group.title, draft.search) for group in lists.groups() or ())


def proxies(draft: Draft, listing: Listing, lists: Lists) -> Sequence[ListedProxy]:
    """The proxies of a list whose address or note has what is searched for in it."""
    recent = draft.recent.saved if listing is Listing.SAVED else draft.recent.static
    found = [proxy for proxy in lists.proxies(listing) or () if _has(proxy.label, draft.search)]
    return sorted(found, key=lambda proxy: _place(proxy.id, recent))


def _has(name: str, search: str) -> bool:
    return search.casefold() in name.casefold()


def _place(number: int, recent: Sequence[int]) -> int:
    """Where it stands: what was used last comes first, all others as they are in ixBrowser."""
    return recent.index(number) if number in recent else len(recent)
