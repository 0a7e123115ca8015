"""What every feature may have to say: over a press, and when something fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.translator import Html, Translator
from bot.usecases.buttons import Problem


def failed(t: Translator, reference: str) -> Html:
    return t(
        "Something went wrong here, and nothing was changed. Please try again. "
        "If it keeps happening, give your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


def card_failed(t: Translator, reference: str) -> Html:
    return t("This can't be shown. The log has this reference: <code>{reference}</code>", reference=reference)


def took_too_long(t: Translator, reference: str) -> Html:
    return t(
        "This took too long, and I gave up. Check whether it went through; if not, try again. "
        "If it keeps happening, give your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


#: Why the database can't be used, and what is to be done about it.
_STORAGE: Mapping[str, Callable[[Translator], Html]] = {
    "disk_full": lambda t: t("the disk is full: free some space"),
    "disk_failed": lambda t: t("the disk can't be written to: check whether it is full or unplugged"),
    "database_held": lambda t: t("another program is using the database: close it"),
    "read_only": lambda t: t("the database file or its folder is read-only: allow this user to write there"),
    "not_opened": lambda t: t("the database file can't be opened: check DATABASE_URL and the folder"),
    "no_database": lambda t: t("the file in DATABASE_URL is not a database"),
    "damaged": lambda t: t("the database file is damaged: replace it with a backup"),
    "database_away": lambda t: t(
        "the database's server can't be reached: check that it runs, and that DATABASE_URL is right"
    ),
}


def storage_reason(t: Translator, reason: str) -> Html | None:
    """Why the database can't be used, for a ``StorageError``'s reason; None where there are no words for it."""
    return _STORAGE[reason](t) if reason in _STORAGE else None


def storage_failed(t: Translator, reason: str, reference: str) -> Html:
    if reason not in _STORAGE:
        return t(
            "I can't save anything right now. Nothing was changed, please try again later. "
            "If it keeps happening, give your admin this reference: <code>{reference}</code>",
            reference=reference,
        )
    return t(
        "I can't save anything right now: {why}. Nothing was changed, please try again later. "
        "If it keeps happening, give your admin this reference: <code>{reference}</code>",
        why=_STORAGE[reason](t),
        reference=reference,
    )


def maybe_saved(t: Translator, reason: str, reference: str) -> Html:
    """What was to be saved was sent to the database, which has not said whether it was."""
    if reason not in _STORAGE:
        return t(
            "I can't tell whether this was saved. Check whether it went through; if not, try again later. "
            "If it keeps happening, give your admin this reference: <code>{reference}</code>",
            reference=reference,
        )
    return t(
        "I can't tell whether this was saved: {why}. Check whether it went through; if not, try again later. "
        "If it keeps happening, give your admin this reference: <code>{reference}</code>",
        why=_STORAGE[reason](t),
        reference=reference,
    )


def not_allowed(t: Translator, *, viewer: bool) -> Html:
    """What somebody's role does not allow: an admin's part, or (``viewer``) what members do."""
    if viewer:
        return t("You can look at the team's imports with /history. To import, ask an admin.")
    return t("Only an admin can do this.")


#: Why a press did nothing, as a pop-up over it: plain text, 200 characters at most.
_PROBLEMS: Mapping[Problem, Callable[[Translator], Html]] = {
    Problem.OLD_BUTTON: lambda t: t("This button is out of date. The card shows the current state."),
    Problem.ENDED_CARD: lambda t: t("Nothing more can be done on this card. Send a code to begin a new import."),
    Problem.NOT_YOURS: lambda t: t("This card belongs to somebody else."),
    Problem.NO_CODES_LEFT: lambda t: t("None of these codes is left. They were imported, or are older than 30 days."),
    Problem.RESTORED: lambda t: t(
        "My database was restored. Codes can be taken again as soon as an admin has let me go on."
    ),
    Problem.NOT_A_MEMBER: lambda t: t("This person can't import any more. Choose somebody else."),
    Problem.FINISH_FIRST: lambda t: t("First finish or cancel the unfinished import below."),
}


def problem(t: Translator, why: Problem) -> Html:
    return _PROBLEMS[why](t)
