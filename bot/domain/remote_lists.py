"""What ixBrowser lists, and what a draft learns from it without being asked.

The lists belong to ixBrowser; here they are only looked at for a few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, assert_never

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, NewGroup, Notice, OwnChoices, Step, step
from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.proxy import ProxyChoice, Residential, Saved, Static

#: The group that ixBrowser files a profile in when no ``group_id`` is sent.
DEFAULT_GROUP_ID = 1


class Listing(StrEnum):
    """The lists that a draft may need."""

    GROUPS = "groups"
    SAVED = "saved"
    STATIC = "static"
    PACKAGES = "packages"


@dataclass(frozen=True, slots=True)
class Failed:
    """The list could not be read. ``reason`` is ``away``, ``silent``, ``unreadable`` or an error code's digits."""

    reason: str


Row = Group | ListedProxy | TrafficPackage


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists as far as they are known now: rows, why there are none, or nothing while one is being read."""

    known: Mapping[Listing, Sequence[Row] | Failed] = field(default_factory=dict)

    def groups(self) -> Sequence[Group] | None:
        rows = self.known.get(Listing.GROUPS)
        return None if rows is None or isinstance(rows, Failed) else [row for row in rows if isinstance(row, Group)]

    def proxies(self, listing: Listing) -> Sequence[ListedProxy] | None:
        rows = self.known.get(listing)
        if rows is None or isinstance(rows, Failed):
            return None
        return [row for row in rows if isinstance(row, ListedProxy)]

    def packages(self) -> Sequence[TrafficPackage] | None:
        rows = self.known.get(Listing.PACKAGES)
        if rows is None or isinstance(rows, Failed):
            return None
        return [row for row in rows if isinstance(row, TrafficPackage)]

    def labels(self, listing: Listing) -> Mapping[int, str] | None:
        """The rows' names by their numbers; None while they are not known."""
        rows = self.known.get(listing)
        return None if rows is None or isinstance(rows, Failed) else {row.id: _label(row) for row in rows}

    def only(self, wanted: frozenset[Listing]) -> Lists:
        """These of the lists, as far as they are known."""
        return Lists({name: rows for name, rows in self.known.items() if name in wanted})

    def failure(self, wanted: frozenset[Listing]) -> Failed | None:
        """Why one of these could not be read, None when none failed."""
        return next((rows for name in sorted(wanted) if isinstance(rows := self.known.get(name), Failed)), None)

    def missing(self, wanted: frozenset[Listing]) -> frozenset[Listing]:
        """Those that are still being read."""
        return frozenset(name for name in wanted if name not in self.known)


def _label(row: Row) -> str:
    match row:
        case Group(title=title):
            return title
        case ListedProxy(label=label):
            return label
        case TrafficPackage(supplier=supplier):
            return f"{supplier} · {row.id}" if supplier else f"{row.id}"
        case _:
            assert_never(row)


#: The lists that are shown at a step.
_SHOWN: Mapping[Step, frozenset[Listing]] = {
    Step.GROUP: frozenset({Listing.GROUPS}),
    Step.PROXY: frozenset({Listing.SAVED, Listing.STATIC, Listing.PACKAGES}),
    Step.SAVED: frozenset({Listing.SAVED}),
    Step.STATIC: frozenset({Listing.STATIC}),
    Step.RESIDENTIAL: frozenset({Listing.PACKAGES}),
}


def needs(draft: Draft) -> frozenset[Listing]:
    """The lists without which the draft's card can't be complete.

    The last question looks whether all that was chosen is still there: some of it may have been chosen days ago.
    """
    asked = step(draft)
    group = draft.group
    wanted = set(_SHOWN.get(asked, ()))
    if isinstance(group, ListedGroup) and (group.title is None or asked is Step.CONFIRM):
        wanted.add(Listing.GROUPS)
    if asked is Step.CONFIRM:
        proxies = [draft.proxy, *(own.proxy for own in draft.own.values())]
        wanted |= {entry[0] for proxy in proxies if (entry := _entry(proxy)) is not None}
        if any(isinstance(own.group, ListedGroup) for own in draft.own.values()):
            wanted.add(Listing.GROUPS)
    return frozenset(wanted)


def _entry(proxy: ProxyChoice | None) -> tuple[Listing, int] | None:
    """The list that a chosen proxy is on, and its number there."""
    match proxy:
        case Saved(proxy_id=int(number)):
            return Listing.SAVED, number
        case Static(proxy_id=int(number)):
            return Listing.STATIC, number
        case Residential(package_id=int(number)):
            return Listing.PACKAGES, number
        case _:
            return None


def apply_remote_lists(draft: Draft, lists: Lists) -> Draft:
    """The draft with what the lists answer by themselves.

    With one group, or none, there is nothing to ask; what was picked has the name that it has now; what ixBrowser no
    longer has is asked for again. An answer that its person is changing stands as it is.
    """
    if draft.changing is not None:
        return draft
    return _apply_to_own(_apply_to_group(_apply_to_proxy(draft, lists), lists.groups()), lists)


def _apply_to_group(draft: Draft, groups: Sequence[Group] | None) -> Draft:
    if groups is None or isinstance(draft.group, NewGroup | DefaultGroup):
        return draft
    if draft.group is None:
        if len(groups) > 1 or draft.search:
            return draft
        alone = groups[0] if groups else None
        if alone is None or alone.id == DEFAULT_GROUP_ID:
            return replace(draft, group=DefaultGroup())
        return replace(draft, group=ListedGroup(alone.id, alone.title))
    chosen = draft.group.id
    title = next((group.title for group in groups if group.id == chosen), None)
    if title is None:
        return replace(draft, group=None, notice=Notice("group_gone"))
    return replace(draft, group=ListedGroup(chosen, title))


def _apply_to_proxy(draft: Draft, lists: Lists) -> Draft:
    """The proxy with its name; where it is gone its kind is left, if ixBrowser has others of that."""
    entry = _entry(draft.proxy)
    labels = None if entry is None else lists.labels(entry[0])
    if entry is None or labels is None:
        return draft
    # What is on a list has a label.
    proxy: Any = draft.proxy
    if entry[1] in labels:
        return replace(draft, proxy=replace(proxy, label=labels[entry[1]]))
    return replace(draft, proxy=type(proxy)() if labels else None, page=0, notice=Notice("proxy_gone"))


def _apply_to_own(draft: Draft, lists: Lists) -> Draft:
    """The codes' own choices with their present names. What is gone gives way to the draft's, which is said."""
    applied = {code: _apply_to_one(own, lists) for code, own in draft.own.items()}
    if applied == draft.own:
        return draft
    groups_lost = any(own.group is not None and applied[code].group is None for code, own in draft.own.items())
    proxies_lost = any(own.proxy is not None and applied[code].proxy is None for code, own in draft.own.items())
    notice = Notice("group_gone") if groups_lost else Notice("proxy_gone") if proxies_lost else draft.notice
    return replace(draft, own={code: own for code, own in applied.items() if own != OwnChoices()}, notice=notice)


def _apply_to_one(own: OwnChoices, lists: Lists) -> OwnChoices:
    if isinstance(own.group, ListedGroup) and (titles := lists.labels(Listing.GROUPS)) is not None:
        number = own.group.id
        own = replace(own, group=ListedGroup(number, titles[number]) if number in titles else None)
    entry = _entry(own.proxy)
    labels = None if entry is None else lists.labels(entry[0])
    if entry is not None and labels is not None:
        # What is on a list has a label.
        proxy: Any = own.proxy
        own = replace(own, proxy=replace(proxy, label=labels[entry[1]]) if entry[1] in labels else None)
    return own
