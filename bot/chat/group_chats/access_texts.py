"""What is said of whether the bot may work in a group chat: to the admins, and in the group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.group_chats.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut, fitting
from bot.usecases.group_chat_rows import GroupChat, GroupState

#: Characters of a title that are shown, and those that a list of group chats may take.
LONGEST_TITLE, ROOM = 80, 3000


def greeting(t: Translator) -> Html:
    """In the group, whether the bot is shown everything that is written there or not."""
    return t(
        "I import ixBrowser profiles here. Reply to this message with a transfer code, or mention me and write the "
        "code behind it."
    )


def removed_from(t: Translator, title: str) -> Html:
    """In private, to somebody with imports that were begun there."""
    if not title:
        return t("I was removed from the group chat where you began an import. I will tell you here how it ends.")
    return t(
        "I was removed from the group chat “{title}”, where you began an import. I will tell you here how it ends.",
        title=cut(title, LONGEST_TITLE),
    )


def allow(t: Translator) -> Html:
    return t("Allow")


def allow_one(t: Translator, group: GroupChat) -> Html:
    """On a button, where several wait."""
    return t("Allow: {title}", title=_title(t, group))


def refuse(t: Translator) -> Html:
    return t("Refuse")


def refuse_all(t: Translator) -> Html:
    return t("Refuse all")


def nothing_to_answer(t: Translator) -> Html:
    return t("There is nothing to answer here any more.")


def one(t: Translator, group: GroupChat, answerer: str) -> Html:
    """A card about one group chat."""
    if group.state is GroupState.WAITING:
        return t(
            "{person} wants me in the group chat “{title}”. May I work there? "
            "Until an admin answers, I say nothing in it.",
            title=_title(t, group),
            person=_person(t, group),
        )
    return _ANSWERS[group.state](t, _title(t, group), cut(answerer, LONGEST_NAME))


_ANSWERS: Mapping[GroupState, Callable[[Translator, str, str], Html]] = {
    GroupState.ALLOWED: lambda t, title, name: t(
        "I may work in the group chat “{title}”. {name} has allowed it.", title=title, name=name
    ),
    GroupState.REFUSED: lambda t, title, name: t(
        "I have left the group chat “{title}”. {name} has refused it.", title=title, name=name
    ),
    GroupState.LEFT: lambda t, title, _: t("I was removed from the group chat “{title}”.", title=title),
}


def several(t: Translator, groups: Sequence[tuple[GroupChat, str]]) -> Html:
    """A card about several, each with who has answered; those that wait come first."""
    waiting = sum(group.state is GroupState.WAITING for group, _ in groups)
    heading = t.many(
        "{count} group chat waits for an answer. I say nothing in it.",
        "{count} group chats wait for an answer. I say nothing in them.",
        waiting,
    )
    lines = [_line(t, group, answerer) for group, answerer in groups]
    some = fitting(lines, ROOM)
    left = len(lines) - len(some)
    more = [t.many("and {count} more", "and {count} more", left)] if left else []
    return Html("\n".join([heading, "", *some, *more]))


def _line(t: Translator, group: GroupChat, answerer: str) -> Html:
    title, name = _title(t, group), cut(answerer, LONGEST_NAME)
    match group.state:
        case GroupState.WAITING:
            return t("• “{title}”: {person}", title=title, person=_person(t, group))
        case GroupState.ALLOWED:
            return t("• “{title}”: allowed by {name}", title=title, name=name)
        case GroupState.REFUSED:
            return t("• “{title}”: refused by {name}", title=title, name=name)
        case GroupState.LEFT:
            return t("• “{title}”: I was removed", title=title)


def _title(t: Translator, group: GroupChat) -> str:
    return cut(group.title, LONGEST_TITLE) or t("without a name")


def _person(t: Translator, group: GroupChat) -> Html:
    """Who wants the bot there: name, username and id."""
    if group.added_by is None:
        return t("An anonymous admin of the group")
    name, username = cut(group.added_by_name, LONGEST_NAME), group.added_by_username
    if username and name != f"@{username}":
        return t("{name} (@{username}, <code>{id}</code>)", name=name, username=username, id=group.added_by)
    return t("{name} (<code>{id}</code>)", name=name, id=group.added_by)
