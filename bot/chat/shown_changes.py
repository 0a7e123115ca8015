"""What is noted once something has been said or shown in a chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.remote_lists import Listing
from bot.usecases import remote_lists
from bot.usecases.ports import UnitOfWork
from bot.usecases.station_lists import ShownVersion


@dataclass(frozen=True, slots=True)
class Change:
    """Notes what has been said or shown. ``write`` is told whether the lists are as the card was ``made_of`` them.

    ``stale`` are those of them that are too old, and are to be read again.
    """

    write: Callable[[UnitOfWork, bool], None]
    made_of: Mapping[Listing, ShownVersion] = field(default_factory=dict)
    stale: frozenset[Listing] = frozenset()


def note_all(work: UnitOfWork, changes: Sequence[Change]) -> None:
    # The lists before any card: whoever publishes one goes about it in this order, too.
    if stale := frozenset[Listing]().union(*(change.stale for change in changes)):
        remote_lists.request_lists(work, stale)
    wanted = frozenset[Listing]().union(*(change.made_of for change in changes))
    now = work.lists.versions(wanted) if wanted else {}
    for change in changes:
        change.write(work, all(now[listing] == version for listing, version in change.made_of.items()))
