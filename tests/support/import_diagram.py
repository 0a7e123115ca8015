"""The states of an import as a diagram, made from the table by trying it out: the README shows what this finds."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.import_events import Answered, Event, ProvenAbsent
from bot.domain.import_state import ImportState, Status
from bot.domain.import_transitions import ATTEMPTS, TABLE, apply, final_outcome
from bot.domain.outcome import Imported, NotSent, Refused, Unknown
from tests.support.import_states import EVENTS, states


def _said(before: ImportState, event: Event, said: str) -> str:
    """An event in words; an answer by what it comes to."""
    if not isinstance(event, Answered):
        return said
    match final_outcome(before, event):
        case Imported():
            return "answered with a profile"
        case NotSent():
            return "certainly not done"
        case Unknown():
            return "no clear answer"
        case Refused():
            return "link refused" if apply(before, event).without_proxy and not before.without_proxy else "refused"


def _words(said: str, before: ImportState, event: Event, after: ImportState) -> str:
    """The words for an event, and why it leads where it does."""
    said = _said(before, event, said)
    if isinstance(event, ProvenAbsent):
        if after.status is not Status.FAILED:
            return f"{said}, {'sent again' if after.status is Status.QUEUED else 'cancelled'}"
        return f"{said}, {'refused' if before.verdict else f'{ATTEMPTS} times unanswered'}"
    if before.status is Status.SENDING and after.status is Status.CANCELLED:
        return "nothing done, and cancelled"
    certain = {"no clear answer", "the process died", "maybe sent already"}
    unsure = before.unanswered > 0 and said not in certain
    if after.status is Status.CHECKING and unsure and before.status is not Status.UNKNOWN:
        # Whether an earlier attempt has imported it is not certain.
        said = "an end" if before.status is Status.SENDING else said
        return f"{said} after an unanswered attempt"
    return said


def edges() -> set[tuple[Status, str, Status]]:
    """Every way from one status to another: the status, the event in words, the status after it."""
    found = set()
    for before in states():
        for said, event in EVENTS:
            if type(event) in TABLE[before.status]:
                after = apply(before, event)
                if after.status is not before.status:
                    found.add((before.status, _words(said, before, event, after), after.status))
    return found


def mermaid() -> str:
    """The same as a Mermaid diagram, one arrow for each pair of statuses."""
    arrows: defaultdict[tuple[Status, Status], list[str]] = defaultdict(list)
    for before, said, after in sorted(edges()):
        arrows[before, after].append(said)
    places = {status: place for place, status in enumerate(Status)}
    ordered = sorted(arrows, key=lambda pair: (places[pair[0]], places[pair[1]]))
    lines = [f"    {before} --> {after}: {' / '.join(arrows[before, after])}" for before, after in ordered]
    confirmed = f"    [*] --> {Status.QUEUED}: confirmed"
    maybe_sent = f"    [*] --> {Status.CHECKING}: confirmed, and maybe sent before the key was lost"
    return "\n".join(["stateDiagram-v2", confirmed, maybe_sent, *lines])
