"""What is said while codes are left for somebody, and of codes that were."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.translator import Html, Translator, cut, fitting
from bot.usecases.buttons import DraftedCode
from bot.usecases.handoff_lists import ReceiverPage
from bot.usecases.records import LeftCode

#: Characters of a person's name that are shown.
LONGEST_NAME = 60
#: Of one beside what tells apart people who are called alike, so that a phone shows both.
BESIDE_HANDLE = 16
#: Lines about single codes, and the characters that they may take together.
MOST_LINES, ROOM = 20, 2200

# --- on the card of a draft -------------------------------------------------------------------------------------------


def ask_receiver(t: Translator) -> Html:
    return t("<b>Who gets it?</b>\nTap a name, or type part of it to find it.")


def nobody_found(t: Translator, search: str) -> Html:
    return t("Nobody has “{search}” in their name.", search=search)


def nobody_there(t: Translator) -> Html:
    return t("There is nobody else who can import.")


def the_team(t: Translator) -> Html:
    """On a button."""
    return t("The team")


def labels(t: Translator, found: ReceiverPage) -> Sequence[Html | str]:
    """How people are called on their buttons; those of the same name are told by their username, or their number."""
    return [
        t("{name} ({number})", name=cut(name, BESIDE_HANDLE), number=found.handles[user_id])
        if user_id in found.handles
        else name or str(user_id)
        for user_id, name in found.people
    ]


def ask_note(t: Translator, note_: str) -> Html:
    asked = t("<b>Type a note.</b>\nIt is shown to whoever can take this, and to admins.")
    return t("{question}\nWhat you type replaces this note: {note}", question=asked, note=note_) if note_ else asked


def ask_expiry(t: Translator) -> Html:
    return t("<b>If nobody takes this, when should it come back to you?</b>")


def after(t: Translator, hours: int) -> Html:
    """On a button."""
    if hours < 24:
        return t.many("After {count} hour", "After {count} hours", hours)
    return t.many("After {count} day", "After {count} days", hours // 24)


def never(t: Translator) -> Html:
    """On a button."""
    return t("Never")


def question(t: Translator, count: int, receiver: str) -> Html:
    """Whether the codes are to be left, for somebody or (empty) for the team."""
    if not receiver:
        return t.many("<b>Hand this code over to the team?</b>", "<b>Hand {count} codes over to the team?</b>", count)
    name = cut(receiver, LONGEST_NAME)
    return t.many(
        "<b>Hand this code over to {name}?</b>", "<b>Hand {count} codes over to {name}?</b>", count, name=name
    )


def note_line(t: Translator, note_: str) -> Html:
    return t("Note: {note}", note=note_)


def expiry_line(t: Translator, hours: int | None) -> Html:
    if hours is None:
        return t("No time limit.")
    if hours < 24:
        return t.many(
            "Comes back to you after {count} hour if not taken.",
            "Comes back to you after {count} hours if not taken.",
            hours,
        )
    return t.many(
        "Comes back to you after {count} day if not taken.",
        "Comes back to you after {count} days if not taken.",
        hours // 24,
    )


def may_be_changed(t: Translator) -> Html:
    return t("Your choices go with it, and can be changed:")


def note(t: Translator) -> Html:
    """On a button."""
    return t("Note")


def no_note(t: Translator) -> Html:
    return t("No note")


def time_limit(t: Translator) -> Html:
    return t("Time limit")


def change_receiver(t: Translator) -> Html:
    return t("Change receiver")


# --- a draft that has ended, or into which codes were taken -----------------------------------------------------------


def handed_over(t: Translator, receiver: str) -> Html:
    if not receiver:
        return t("Handed over to the team.")
    return t("Handed over to {name}.", name=cut(receiver, LONGEST_NAME))


def left_by(t: Translator, giver: str, note_: str) -> Html:
    """Above what a draft asks."""
    said = t("From {name}", name=cut(giver, LONGEST_NAME))
    return Html(f"{said}\n{note_line(t, note_)}") if note_ else said


def cancelled(t: Translator, giver: str) -> Html:
    return t(
        "Cancelled. Nothing was sent to ixBrowser. What {name} left waits again: see /inbox.",
        name=cut(giver, LONGEST_NAME),
    )


def not_confirmed_for_a_day(t: Translator, giver: str) -> Html:
    return t(
        "Not confirmed for a day, so I closed this. What {name} left waits again: see /inbox.",
        name=cut(giver, LONGEST_NAME),
    )


def not_confirmed(t: Translator, giver: str) -> Html:
    return t(
        "Not confirmed in time, so I closed this. What {name} left waits again: see /inbox.",
        name=cut(giver, LONGEST_NAME),
    )


def taken_back(t: Translator, giver: str) -> Html:
    """Who wants the codes back; empty where they are for somebody else."""
    if not giver:
        return t("This is for somebody else now, so I closed it. Nothing was sent to ixBrowser.")
    return t(
        "{name} has taken this back, so I closed it. Nothing was sent to ixBrowser.", name=cut(giver, LONGEST_NAME)
    )


# --- codes that somebody has already ----------------------------------------------------------------------------------


def left(t: Translator, codes: Sequence[LeftCode], drafted: Sequence[DraftedCode], user_id: int) -> Html:
    """Who has left each of these codes and for whom, or has it in a draft, as far as there is room for."""
    lines = [*(_left(t, code, user_id) for code in codes), *(_drafted(t, code) for code in drafted)]
    some = fitting(lines[:MOST_LINES], ROOM)
    rest = len(lines) - len(some)
    more = [t.many("and {count} more code", "and {count} more codes", rest)] if rest else []
    own = any(code.giver_id == user_id for code in codes)
    return Html("\n".join([*some, *more, *([t("To withdraw, see /given.")] if own else [])]))


def _left(t: Translator, left_: LeftCode, user_id: int) -> Html:
    code, giver = left_.code.masked, _name(left_, left_.giver_id)
    match left_.giver_id == user_id, left_.receiver_id:
        case True, None:
            said = t("{code} was left by you for the team.", code=code)
        case True, int(receiver):
            said = t("{code} was left by you for {receiver}.", code=code, receiver=_name(left_, receiver))
        case False, None:
            said = t("{code} was left by {giver} for the team.", code=code, giver=giver)
        case _, receiver if receiver == user_id:
            said = t("{code} was left by {giver} for you.", code=code, giver=giver)
        case _, receiver:
            said = t(
                "{code} was left by {giver} for {receiver}.", code=code, giver=giver, receiver=_name(left_, receiver)
            )
    if left_.taker_id is None:
        return said
    if left_.taker_id == user_id:
        return t.sentences(said, t("Taken by you."))
    return t.sentences(said, t("Taken by {name}.", name=_name(left_, left_.taker_id)))


def _name(left_: LeftCode, user_id: int | None) -> str:
    return cut(left_.names.get(user_id or 0, ""), LONGEST_NAME) or str(user_id)


def _drafted(t: Translator, code: DraftedCode) -> Html:
    name = cut(code.user_name, LONGEST_NAME) or t("somebody else")
    return t("{code} is in an unfinished import of {name}.", code=code.code_mask, name=name)


def take_from(t: Translator, giver: str) -> Html:
    """On a button, where several people have left something."""
    return t("Take: {name}", name=cut(giver, LONGEST_NAME))
