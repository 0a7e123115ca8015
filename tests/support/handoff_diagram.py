"""The states of a code that is left for somebody, as a diagram, made from the table by trying it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.domain.handoff import (
    Arrived,
    Confirmed,
    Declined,
    Event,
    Expired,
    HandedCode,
    HandoffStatus,
    ImportEnded,
    KeyLost,
    LetGo,
    Reassigned,
    ReturnReason,
    Taken,
    Withdrawn,
    apply,
)
from bot.domain.import_state import Status

#: Each kind of event in all the ways that matter, with the words that the diagram has for it.
EVENTS: Sequence[tuple[str, Event]] = [
    ("Take", Taken(2, 7)),
    ("Cancel / not confirmed in time", LetGo()),
    ("Import", Confirmed(9)),
    ("imported", ImportEnded(Status.IMPORTED)),
    ("refused", ImportEnded(Status.FAILED)),
    ("the key was lost", ImportEnded(Status.FAILED, key_lost=True)),
    ("import cancelled", ImportEnded(Status.CANCELLED)),
    ("not known", ImportEnded(Status.UNKNOWN)),
    ("Decline", Declined(2)),
    ("the receiver was removed", Declined(2, ReturnReason.REMOVED)),
    ("Withdraw", Withdrawn()),
    ("its time is over", Expired()),
    ("Reassign", Reassigned()),
    ("among what was received, after a restore", Arrived()),
    ("the key was lost", KeyLost()),
]


def edges() -> set[tuple[HandoffStatus, str, HandoffStatus]]:
    """Every way from one status to another: the status, the event in words, the status after it."""
    found = set()
    for before in HandoffStatus:
        for said, event in EVENTS:
            after = apply(HandedCode(before, 2, 7, 9), event)
            if after.status is not before:
                found.add((before, said, after.status))
    return found


def mermaid() -> str:
    """The same as a Mermaid diagram, one arrow for each pair of statuses."""
    arrows: defaultdict[tuple[HandoffStatus, HandoffStatus], list[str]] = defaultdict(list)
    for before, said, after in sorted(edges()):
        arrows[before, after].append(said)
    places = {status: place for place, status in enumerate(HandoffStatus)}
    ordered = sorted(arrows, key=lambda pair: (places[pair[0]], places[pair[1]]))
    lines = [f"    {before} --> {after}: {' / '.join(arrows[before, after])}" for before, after in ordered]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {HandoffStatus.WAITING}: Hand over", *lines])
