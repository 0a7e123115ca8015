"""How codes stand that were left for somebody, said to one person. No sentence has a tag: each also fits a pop-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
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
        return _counted(t, view)
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
        return t("Nobody has taken this yet.")
    return for_somebody_else(t)


def for_somebody_else(t: Translator) -> Html:
    return t("This is for somebody else now.")


def taken_by(t: Translator, name: str) -> Html:
    """Over the press of somebody who was not the first."""
    return t("{name} has taken it.", name=cut(name, LONGEST_NAME))


_BY_READER: Mapping[HandoffStatus, Callable[[Translator], Html]] = {
    HandoffStatus.TAKEN: lambda t: t("You have taken it. Go on with the card below."),
    HandoffStatus.IMPORTING: lambda t: t("You are importing it."),
    HandoffStatus.IMPORTED: lambda t: t("You have imported it."),
}
_BY_OTHER: Mapping[HandoffStatus, Callable[[Translator, str], Html]] = {
    HandoffStatus.TAKEN: taken_by,
    HandoffStatus.IMPORTING: lambda t, name: t("{name} is importing it.", name=name),
    HandoffStatus.IMPORTED: lambda t, name: t("{name} has imported it.", name=name),
}


def _taken(t: Translator, view: HandoffView, reader: Reader, status: HandoffStatus, taker_id: int) -> Html:
    if taker_id != reader.user_id:
        return _BY_OTHER[status](t, name_of(t, view, taker_id))
    if status is HandoffStatus.TAKEN and not reader.draft_here:
        return t("You have taken it. Its card is in another chat.")
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
            return t("You have taken it back.")
        case HandoffStatus.WITHDRAWN, _:
            return t("{name} has taken it back.", name=name_of(t, view, view.handoff.owner_id))
        case HandoffStatus.EXPIRED, _:
            return t("Nobody has taken it in time.")
        case _, ReturnReason.REFUSED:
            return t("It could not be imported.")
        case _, ReturnReason.KEY_LOST:
            return t("The key to the saved codes was lost, so it can't be imported.")
        case _ if whom == reader.user_id:
            return _of_reader(t, reason)
        case _, ReturnReason.REMOVED:
            return t("{name} can't import any more.", name=name)
        case _, ReturnReason.CANCELLED:
            return t("{name} has cancelled the import.", name=name)
        case _:
            return t("{name} has declined it.", name=name)


def _of_reader(t: Translator, reason: ReturnReason | None) -> Html:
    match reason:
        case ReturnReason.REMOVED:
            return t("You can't import any more.")
        case ReturnReason.CANCELLED:
            return t("You have cancelled the import.")
        case _:
            return t("You have declined it.")


def back_to(t: Translator, view: HandoffView, reader: Reader) -> Html:
    """Whose it is again."""
    if view.handoff.owner_id == reader.user_id:
        return t("It is yours again.")
    return t("It went back to {name}.", name=name_of(t, view, view.handoff.owner_id))


def word(t: Translator, status: HandoffStatus) -> Html:
    """How a code stands, in a word or few."""
    return {
        HandoffStatus.WAITING: t("waiting"),
        HandoffStatus.TAKEN: t("taken"),
        HandoffStatus.IMPORTING: t("being imported"),
        HandoffStatus.IMPORTED: t("imported"),
        HandoffStatus.DECLINED: t("declined"),
        HandoffStatus.WITHDRAWN: t("taken back"),
        HandoffStatus.EXPIRED: t("not taken in time"),
        HandoffStatus.FAILED: t("failed"),
    }[status]


def _counted(t: Translator, view: HandoffView) -> Html:
    """Where codes of one handoff stand differently: how many are imported, and how the rest stands."""
    counts = Counter(code.status for code in view.handoff.codes)
    done = t(
        "{done} of {total} imported",
        done=t.number(counts.pop(HandoffStatus.IMPORTED, 0)),
        total=t.number(len(view.handoff.codes)),
    )
    rest = [
        t("{state}: {number}", state=word(t, status), number=t.number(counts[status]))
        for status in HandoffStatus
        if status in counts
    ]
    return t.items([done, *rest])
