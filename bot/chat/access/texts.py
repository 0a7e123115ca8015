"""What is said to somebody who wants to be let in, and to the admins who decide about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.domain.access_request import RequestState
from bot.usecases.access_request_rows import Asker, Crowd, StoredRequest
from bot.usecases.access_requests import Asked, Standing

# --- to who asks ------------------------------------------------------------------------------------------------------


def greeting(t: Translator, user_id: int, owner: str, asked: Asked) -> Html:
    """What a stranger is told who writes: whose bot it is, how they stand, and their id."""
    private = (
        t("This bot belongs to <b>{owner}</b> and is private.", owner=owner) if owner else t("This bot is private.")
    )
    return Html("\n".join([t.sentences(private, standing(t, asked)), own_id(t, user_id)]))


def own_id(t: Translator, user_id: int) -> Html:
    return t("Your ID: <code>{user_id}</code>", user_id=user_id)


def standing(t: Translator, asked: Asked) -> Html:
    """How somebody stands, and what they can do about it."""
    if asked.standing is Standing.REFUSED and asked.until is not None:
        return t(
            "An admin has not given you access. You can ask again after {moment}.", moment=t.moment(asked.until, "")
        )
    return _STANDINGS[asked.standing](t)


_STANDINGS: Mapping[Standing, Callable[[Translator], Html]] = {
    Standing.MAY_ASK: lambda t: t("To use it, ask for access."),
    Standing.ASKED: lambda t: t("I have asked the admins. As soon as one of them answers, I'll tell you here."),
    Standing.WAITS: lambda t: t("The admins have been asked. As soon as one of them answers, I'll tell you here."),
    Standing.REFUSED: lambda t: t("An admin has not given you access. You can ask again later."),
    Standing.TOO_MANY: lambda t: t(
        "Too many people are asking for access at the moment. Please try again tomorrow, or give an admin your ID."
    ),
    Standing.LET_IN: lambda t: t("You can use this bot already. Send me a transfer code."),
}


def ask(t: Translator) -> Html:
    return t("Ask for access")


def let_in(t: Translator) -> Html:
    return t(
        "An admin has given you access.\n\n"
        "Send me a <b>transfer code</b>, like <code>76686828-89727101</code>. You choose a group and a "
        "proxy, and tap Import."
    )


def refused(t: Translator) -> Html:
    return t(
        "I'm sorry, an admin has not given you access. If that is a mistake, please talk to somebody in the "
        "team. You can ask again in a week."
    )


# --- to the admins ----------------------------------------------------------------------------------------------------


def allow(t: Translator) -> Html:
    return t("Allow")


def refuse(t: Translator) -> Html:
    return t("Refuse")


def request(t: Translator, stored: StoredRequest, answered_by: str) -> Html:
    """A request, and what has become of it."""
    lines = [_asks(t, stored.asker), _named(t, stored.asker)]
    if not stored.request.waits:
        lines.append(outcome(t, stored, answered_by))
    return Html("\n".join(lines))


def _asks(t: Translator, asker: Asker) -> Html:
    link = t('<a href="tg://user?id={user_id}">{name}</a>', user_id=asker.user_id, name=cut(asker.name, LONGEST_NAME))
    return t("🔔 {person} asks for access.", person=link)


def _named(t: Translator, asker: Asker) -> Html:
    number = t("ID <code>{user_id}</code>", user_id=asker.user_id)
    return t("@{username} · {number}", username=asker.username, number=number) if asker.username else number


def outcome(t: Translator, stored: StoredRequest, answered_by: str) -> Html:
    """How a request has ended."""
    request_ = stored.request
    by = cut(answered_by, LONGEST_NAME)
    if request_.state is RequestState.ALLOWED:
        return t("✅ Allowed by {name}.", name=by)
    if request_.refused_until is not None:
        return t(
            "🚫 Refused by {name}. A new request is possible after {moment}.",
            name=by,
            moment=t.moment(request_.refused_until, ""),
        )
    return t("⌛ Nobody answered within two weeks. A new request is possible.")


def request_gone(t: Translator) -> Html:
    return t("This request is closed.")


# --- many at once -----------------------------------------------------------------------------------------------------


def crowd(t: Translator, asking: Crowd) -> Html:
    if not asking.waiting:
        return t(
            "All of these requests are answered. Allowed: {allowed}, refused: {refused}.",
            allowed=t.number(asking.allowed),
            refused=t.number(asking.refused),
        )
    return t.sentences(
        t.many("🔔 {count} more person asks for access.", "🔔 {count} more people ask for access.", asking.waiting),
        t("Many people asked at once, so they are all in one message."),
    )


def one_by_one(t: Translator) -> Html:
    return t("Show one by one")


def refuse_all(t: Translator) -> Html:
    return t("Refuse all")


def refuse_all_asked(t: Translator, count: int) -> Html:
    return t.sentences(
        t.many("Refuse {count} request?", "Refuse {count} requests?", count),
        t("I tell each person. They can ask again in a week."),
    )


def all_refused(t: Translator, count: int) -> Html:
    return t.many("{count} request was refused.", "{count} requests were refused.", count)


def none_refused(t: Translator) -> Html:
    return t("No request was refused.")
