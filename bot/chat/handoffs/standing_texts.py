"""How codes stand that were left for somebody, said to one person. No sentence has a tag: each also fits a pop-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.audit.texts import person
from bot.chat.translator import Html, Translator, cut
from bot.domain.handoff import HandoffStatus, ReturnReason
from bot.usecases.handoff_lists import HandoffView

#: Characters of a person's name that are shown.
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom it is said. ``draft_here``: the card of what they have taken stands in this chat."""

    user_id: int
    draft_here: bool = True


def name_of(t: Translator, view: HandoffView, user_id: int) -> str:
    """How somebody is called who has to do with a handoff."""
    return cut(person(t, user_id, view.names), LONGEST_NAME)


def stands(t: Translator, view: HandoffView, reader: Reader) -> Html | None:
    """How all of it stands; None where it waits for the reader."""
    codes = view.handoff.codes
    alike = {(code.status, code.state.taker_id, code.state.reason) for code in codes}
    if len(alike) > 1:
        return _mixed(t, view)
    [(status, taker_id, reason)] = alike
    match status:
        case HandoffStatus.WAITING:
            return _waits(t, view, reader)
        case HandoffStatus.TAKEN | HandoffStatus.IMPORTING | HandoffStatus.IMPORTED:
            return _taken(t, view, reader, status, taker_id or 0)
        case _:
            why = _returned(t, view, reader, status, taker_id, reason)
            # Who has taken it back has it.
            return why if status is HandoffStatus.WITHDRAWN else t.sentences(why, back_to(t, view, reader))


def _waits(t: Translator, view: HandoffView, reader: Reader) -> Html | None:
    if view.handoff.receiver_id == reader.user_id or (view.for_reader and not view.owned):
        return None
    if view.owned or view.may_assign:
        return t("Not taken yet.")
    return for_somebody_else(t)


def for_somebody_else(t: Translator) -> Html:
    return t("This is for somebody else now.")


def taken_by(t: Translator, name: str) -> Html:
    """Over the press of somebody who was not the first."""
    return t("Taken by {name}.", name=cut(name, LONGEST_NAME))


_BY_READER: Mapping[HandoffStatus, Callable[[Translator], Html]] = {
    HandoffStatus.TAKEN: lambda t: t("Taken by you. Go on with the card below."),
    HandoffStatus.IMPORTING: lambda t: t("Being imported by you."),
    HandoffStatus.IMPORTED: lambda t: t("Imported by you."),
}
_BY_OTHER: Mapping[HandoffStatus, Callable[[Translator, str], Html]] = {
    HandoffStatus.TAKEN: taken_by,
    HandoffStatus.IMPORTING: lambda t, name: t("Being imported by {name}.", name=name),
    HandoffStatus.IMPORTED: lambda t, name: t("Imported by {name}.", name=name),
}


def _taken(t: Translator, view: HandoffView, reader: Reader, status: HandoffStatus, taker_id: int) -> Html:
    if taker_id != reader.user_id:
        return _BY_OTHER[status](t, name_of(t, view, taker_id))
    if status is HandoffStatus.TAKEN and not reader.draft_here:
        return t("Taken by you. The card is in another chat.")
    return _BY_READER[status](t)


def _returned(  # noqa: PLR0911, PLR0917 - one sentence for each way in which it can come back
    t: Translator,
    view: HandoffView,
    reader: Reader,
    status: HandoffStatus,
    taker_id: int | None,
    reason: ReturnReason | None,
) -> Html:
    whom = taker_id or view.handoff.receiver_id or 0
    name = name_of(t, view, whom)
    match status, reason:
        case HandoffStatus.WITHDRAWN, _ if view.owned:
            return t("Taken back by you.")
        case HandoffStatus.WITHDRAWN, _:
            return t("Taken back by {name}.", name=name_of(t, view, view.handoff.owner_id))
        case HandoffStatus.EXPIRED, _:
            return t("Not taken in time.")
        case _, ReturnReason.REFUSED:
            return t("Could not be imported.")
        case _, ReturnReason.KEY_LOST:
            return t("The key to the saved codes was lost, so this can't be imported.")
        case _ if whom == reader.user_id:
            return _of_reader(t, reason)
        case _, ReturnReason.REMOVED:
            return t("{name} can't import any more.", name=name)
        case _, ReturnReason.CANCELLED:
            return t("{name} has cancelled the import.", name=name)
        case _:
            return t("Declined by {name}.", name=name)


def _of_reader(t: Translator, reason: ReturnReason | None) -> Html:
    match reason:
        case ReturnReason.REMOVED:
            return t("You can't import any more.")
        case ReturnReason.CANCELLED:
            return t("You have cancelled the import.")
        case _:
            return t("Declined by you.")


def back_to(t: Translator, view: HandoffView, reader: Reader) -> Html:
    """Whose it is again."""
    if view.handoff.owner_id == reader.user_id:
        return t("Back with you.")
    return t("Back with {name}.", name=name_of(t, view, view.handoff.owner_id))


def word(t: Translator, status: HandoffStatus) -> Html:
    """How a code stands of which there is no more to say, in a word or few."""
    return {
        HandoffStatus.WAITING: t("waiting"),
        HandoffStatus.WITHDRAWN: t("taken back"),
        HandoffStatus.EXPIRED: t("not taken in time"),
        HandoffStatus.FAILED: t("failed"),
    }[status]


def counted(t: Translator, statuses: Iterable[HandoffStatus]) -> Sequence[Html]:
    """How many codes stand so, for each way in which some of them stand."""
    counts = Counter(statuses)
    return [_COUNTED[status](t, counts[status]) for status in HandoffStatus if status in counts]


_COUNTED: Mapping[HandoffStatus, Callable[[Translator, int], Html]] = {
    HandoffStatus.WAITING: lambda t, count: t.many("{count} waiting", "{count} waiting", count),
    HandoffStatus.TAKEN: lambda t, count: t.many("{count} taken", "{count} taken", count),
    HandoffStatus.IMPORTING: lambda t, count: t.many("{count} being imported", "{count} being imported", count),
    HandoffStatus.IMPORTED: lambda t, count: t.many("{count} imported", "{count} imported", count),
    HandoffStatus.DECLINED: lambda t, count: t.many("{count} declined", "{count} declined", count),
    HandoffStatus.WITHDRAWN: lambda t, count: t.many("{count} taken back", "{count} taken back", count),
    HandoffStatus.EXPIRED: lambda t, count: t.many("{count} not taken in time", "{count} not taken in time", count),
    HandoffStatus.FAILED: lambda t, count: t.many("{count} failed", "{count} failed", count),
}


def _mixed(t: Translator, view: HandoffView) -> Html:
    """Where codes of one handoff stand differently: how many are imported, and how the rest stands."""
    statuses = [code.status for code in view.handoff.codes]
    done = statuses.count(HandoffStatus.IMPORTED)
    head = t("{done} of {total} imported", done=t.number(done), total=t.number(len(statuses)))
    rest = counted(t, (status for status in statuses if status is not HandoffStatus.IMPORTED))
    return t.items([head, *rest] if done else rest)
