"""What ixBrowser lists, and what a draft learns from it without being asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
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


Row = Group | ListedProxy | TrafficPackage


@dataclass(frozen=True, slots=True)
class Failed:
    """The list could not be read. ``reason`` is ``away``, ``silent``, ``unreadable`` or an error code's digits.

    ``rows`` are those of its last good answer, which is ``age`` old; None where there was none.
    """

    reason: str
    rows: Sequence[Row] | None = None
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists as far as they are known now: rows, why they can't be read, or nothing while one is being read."""

    known: Mapping[Listing, Sequence[Row] | Failed] = field(default_factory=dict)

    def rows(self, listing: Listing) -> Sequence[Row] | None:
        """The rows of the list's last good answer; None while there was none."""
        known = self.known.get(listing)
        return known.rows if isinstance(known, Failed) else known

    def groups(self) -> Sequence[Group] | None:
        rows = self.rows(Listing.GROUPS)
        return None if rows is None else [row for row in rows if isinstance(row, Group)]

    def proxies(self, listing: Listing) -> Sequence[ListedProxy] | None:
        rows = self.rows(listing)
        return None if rows is None else [row for row in rows if isinstance(row, ListedProxy)]

    def packages(self) -> Sequence[TrafficPackage] | None:
        rows = self.rows(Listing.PACKAGES)
        return None if rows is None else [row for row in rows if isinstance(row, TrafficPackage)]

    def labels(self, listing: Listing) -> Mapping[int, str] | None:
        """The rows' names by their numbers; None while they are not known."""
        rows = self.rows(listing)
        return None if rows is None else {row.id: _label(row) for row in rows}

    def failure(self, wanted: frozenset[Listing]) -> Failed | None:
        """Why one of these could not be read, None when none failed; of several that of which least is known."""
        failed = [known for name in sorted(wanted) if isinstance(known := self.known.get(name), Failed)]
        return max(failed, key=_oldness, default=None)

    def missing(self, wanted: frozenset[Listing]) -> frozenset[Listing]:
        """Those that are still being read."""
        return frozenset(name for name in wanted if name not in self.known)


def _oldness(failed: Failed) -> tuple[bool, timedelta]:
    return failed.rows is None, failed.age or timedelta(0)


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


def shows_rows(draft: Draft, listing: Listing) -> bool:
    """Whether the draft's card shows the rows of the list, and not only whether there are any."""
    asked = step(draft)
    return asked is not Step.PROXY and listing in _SHOWN.get(asked, ())


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


def with_known_names(draft: Draft, lists: Lists) -> Draft:
    """The draft with the names of what was picked that has none yet. The lists may be old: they prove nothing else."""
    group, entry = draft.group, _entry(draft.proxy)
    if isinstance(group, ListedGroup) and group.title is None:
        title = (lists.labels(Listing.GROUPS) or {}).get(group.id)
        draft = replace(draft, group=ListedGroup(group.id, title))
    # What is on a list has a label.
    proxy: Any = draft.proxy
    if entry is not None and not proxy.label:
        draft = replace(draft, proxy=replace(proxy, label=(lists.labels(entry[0]) or {}).get(entry[1], "")))
    return draft


def apply_remote_lists(draft: Draft, lists: Lists) -> Draft:
    """The draft with what the lists answer by themselves; they are as ixBrowser has them now.

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
