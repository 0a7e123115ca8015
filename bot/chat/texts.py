"""What every feature may have to say: to strangers, over a press, and when something fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.translator import Html, Translator
from bot.usecases.buttons import Problem


def stranger(t: Translator, user_id: int) -> Html:
    return t("This bot is private. To be let in, give an admin this number: <code>{user_id}</code>", user_id=user_id)


def conflict(t: Translator) -> Html:
    return t(
        "⚠️ This bot runs on another computer too, with the same token. Each message reaches only one of them. "
        "Stop one, or make a bot of its own for it with @BotFather."
    )


def failed(t: Translator, reference: str) -> Html:
    return t(
        "Something went wrong here, and nothing was changed. Please try again. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


def took_too_long(t: Translator, reference: str) -> Html:
    return t(
        "This took too long, and I gave up. Please look whether it was done, and try again if not. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


def storage_failed(t: Translator, why: str, reference: str) -> Html:
    return t(
        "I can't write anything down right now: {why}. Nothing was changed, please try again later. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        why=why,
        reference=reference,
    )


def admins_only(t: Translator) -> Html:
    return t("Only an admin can do this.")


#: Why a press did nothing, as a pop-up over it: plain text, 200 characters at most.
_PROBLEMS: Mapping[Problem, Callable[[Translator], Html]] = {
    Problem.OLD_BUTTON: lambda t: t("This button is from before. The card shows how it stands now."),
    Problem.ENDED_CARD: lambda t: t("This card is finished. Send a code to begin a new import."),
    Problem.NOT_YOURS: lambda t: t("This card belongs to somebody else."),
    Problem.FINISH_FIRST: lambda t: t("First finish or cancel the import that is open below."),
}


def problem(t: Translator, why: Problem) -> Html:
    return _PROBLEMS[why](t)
