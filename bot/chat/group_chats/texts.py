"""What is said in group chats alone, and to the admins of whether the bot may work in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.translator import Html, Translator, cut, fitting
from bot.domain.draft import Step
from bot.usecases.group_chat_rows import GroupChat, GroupChatState

#: Characters of a person's name that are shown.
LONGEST_NAME = 60
#: The same of a group chat's title, and those that a list of group chats may take.
LONGEST_TITLE, ROOM = 80, 3000


def owner(t: Translator, name: str) -> Html:
    """Whose card it is, above what it says."""
    return t("👤 {name}", name=cut(name, LONGEST_NAME))


def not_yours(t: Translator, name: str) -> Html:
    """Over a press on somebody else's card."""
    return t("This card belongs to {name}.", name=cut(name, LONGEST_NAME))


def search(t: Translator) -> Html:
    return t("🔎 Search")


def go_on_in_private(t: Translator) -> Html:
    return t("🔒 Continue in private")


def not_here(t: Translator) -> Html:
    return t("Don't type it here, where others can read it. Tap “Continue in private”.")


def asking_for_group_chat(t: Translator) -> Html:
    """Above a card in private."""
    return t("This step belongs to your import in the group chat.")


def taken_for_group_chat(t: Translator) -> Html:
    return t("✅ Got it. Your import goes on in the group chat.")


def left_private(t: Translator) -> Html:
    return t("I closed this. Your import in the group chat is still open.")


def ended_in_group_chat(t: Translator) -> Html:
    return t("Your import in the group chat does not need this any more.")


def to_group_chat(t: Translator) -> Html:
    return t("To the group chat")


def posted_code(t: Translator) -> Html:
    return t("Anyone who sees a code can use it until it is imported. It is safer to send codes to me in private.")


def link_gone(t: Translator) -> Html:
    return t("This link has been used, or is too old. Tap the button in the group chat again.")


def link_of_another(t: Translator) -> Html:
    return t("This link is for somebody else. To import a profile of your own, send me its transfer code.")


def link_not_needed(t: Translator) -> Html:
    return t("This link is not needed any more. The card of your import is in the group chat.")


def _part_of_proxy(t: Translator, name: Html) -> Html:
    return t("{name}, reply to this with part of the proxy's name or address.", name=name)


_PROMPTS: Mapping[Step, tuple[Callable[[Translator, Html], Html], Callable[[Translator], Html]]] = {
    Step.CODES: (
        lambda t, name: t("{name}, reply to this with the transfer code.", name=name),
        lambda t: t("Transfer code"),
    ),
    Step.GROUP: (
        lambda t, name: t("{name}, reply to this with part of the group's name.", name=name),
        lambda t: t("Part of the name"),
    ),
    Step.SAVED: (_part_of_proxy, lambda t: t("Part of the name")),
    Step.STATIC: (_part_of_proxy, lambda t: t("Part of the name")),
    Step.RECEIVER: (
        lambda t, name: t("{name}, reply to this with part of the person's name.", name=name),
        lambda t: t("Part of the name"),
    ),
    Step.HANDOFF_NOTE: (
        lambda t, name: t("{name}, reply to this with the note.", name=name),
        lambda t: t("Note"),
    ),
    Step.GROUP_TITLE: (
        lambda t, name: t("{name}, reply to this with a name for the new group.", name=name),
        lambda t: t("Name of the new group"),
    ),
    Step.BYPASS: (
        lambda t, name: t("{name}, reply to this with the domains, one per line.", name=name),
        lambda t: t("Domains"),
    ),
}


def prompt(t: Translator, step: Step, user_id: int, name: str) -> Html:
    """What is to be typed, and by whom."""
    sentence, _ = _PROMPTS[step]
    link = t('<a href="tg://user?id={user_id}">{name}</a>', user_id=user_id, name=cut(name, LONGEST_NAME))
    return sentence(t, link)


def placeholder(t: Translator, step: Step) -> Html:
    """What stands in the field in which it is typed: 64 characters at most."""
    _, words = _PROMPTS[step]
    return words(t)


# --- whether the bot may work there -----------------------------------------------------------------------------------


def greeting(t: Translator) -> Html:
    """In the group, whether the bot is shown everything that is written there or not."""
    return t(
        "I import ixBrowser profiles here. Reply to this message with a transfer code, or mention me and "
        "write the code after my name."
    )


def removed_from(t: Translator, title: str) -> Html:
    """In private, to somebody with imports that were begun there."""
    if not title:
        return t("I was removed from the group chat where you began an import. I will tell you here how it ends.")
    return t(
        "I was removed from the group chat “{title}”, where you began an import. I will tell you here how it ends.",
        title=cut(title, LONGEST_TITLE),
    )


def allow_group_chat(t: Translator) -> Html:
    return t("Allow")


def allow_one(t: Translator, group: GroupChat) -> Html:
    """On a button, where several wait."""
    return t("Allow: {title}", title=_title(t, group))


def refuse_group_chat(t: Translator) -> Html:
    return t("Refuse")


def refuse_all(t: Translator) -> Html:
    return t("Refuse all")


def refuse_all_asked(t: Translator, count: int) -> Html:
    return t.many(
        "Refuse {count} group chat? I leave it then.", "Refuse {count} group chats? I leave them then.", count
    )


def all_refused(t: Translator, count: int) -> Html:
    return t.many("{count} group chat was refused.", "{count} group chats were refused.", count)


def none_refused(t: Translator) -> Html:
    return t("No group chat was refused.")


def nothing_to_answer(t: Translator) -> Html:
    return t("There is nothing to answer here any more.")


def about_group_chat(t: Translator, group: GroupChat, answerer: str) -> Html:
    """A card about one group chat."""
    if group.state is GroupChatState.WAITING:
        return t(
            "{person} wants me in the group chat “{title}”. May I work there? "
            "Until an admin answers, I say nothing in it.",
            title=_title(t, group),
            person=_person(t, group),
        )
    return _ANSWERED[group.state](t, _title(t, group), cut(answerer, LONGEST_NAME))


_ANSWERED: Mapping[GroupChatState, Callable[[Translator, str, str], Html]] = {
    GroupChatState.ALLOWED: lambda t, title, name: t(
        "I may work in the group chat “{title}”. {name} has allowed it.", title=title, name=name
    ),
    GroupChatState.REFUSED: lambda t, title, name: t(
        "I have left the group chat “{title}”. {name} has refused it.", title=title, name=name
    ),
    GroupChatState.LEFT: lambda t, title, _: t("I was removed from the group chat “{title}”.", title=title),
}


def about_group_chats(t: Translator, groups: Sequence[tuple[GroupChat, str]]) -> Html:
    """A card about several, each with who has answered; those that wait come first."""
    waiting = sum(group.state is GroupChatState.WAITING for group, _ in groups)
    heading = t.many(
        "{count} group chat waits for an answer. I say nothing in it.",
        "{count} group chats wait for an answer. I say nothing in them.",
        waiting,
    )
    if not waiting:
        heading = t("All of these group chats are answered.")
    lines = [_line(t, group, answerer) for group, answerer in groups]
    some = fitting(lines, ROOM)
    left = len(lines) - len(some)
    more = [t.many("and {count} more", "and {count} more", left)] if left else []
    return Html("\n".join([heading, "", *some, *more]))


def _line(t: Translator, group: GroupChat, answerer: str) -> Html:
    title, name = _title(t, group), cut(answerer, LONGEST_NAME)
    match group.state:
        case GroupChatState.WAITING:
            return t("• “{title}”: {person}", title=title, person=_person(t, group))
        case GroupChatState.ALLOWED:
            return t("• “{title}”: allowed by {name}", title=title, name=name)
        case GroupChatState.REFUSED:
            return t("• “{title}”: refused by {name}", title=title, name=name)
        case GroupChatState.LEFT:
            return t("• “{title}”: I was removed", title=title)


def _title(t: Translator, group: GroupChat) -> str:
    return cut(group.title, LONGEST_TITLE) or t("without a name")


def _person(t: Translator, group: GroupChat) -> Html:
    """Who wants the bot there: name, username and id."""
    if group.added_by is None:
        return t("An anonymous admin of the group chat")
    name, username = cut(group.added_by_name, LONGEST_NAME), group.added_by_username
    if username and name != f"@{username}":
        return t("{name} (@{username}, <code>{id}</code>)", name=name, username=username, id=group.added_by)
    return t("{name} (<code>{id}</code>)", name=name, id=group.added_by)
