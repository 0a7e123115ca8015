"""What the draft's card asks, and how it sums up what has been answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from bot.chat import words
from bot.chat.drafting import proxy_texts
from bot.chat.translator import Html, Translator, cut, width
from bot.domain.draft import DefaultGroup, Draft, GroupAnswer, ListedGroup, NamedChoice, NewGroup, Step
from bot.domain.draft_transitions import readings
from bot.domain.proxy import Custom
from bot.domain.transfer_code import TransferCode

#: Codes shown one by one on a card; of more, the number is told.
SHOWN_CODES = 10
#: The same of the domains of a bypass list, and the characters that those on a card may take together.
SHOWN_DOMAINS = 3
ROOM_FOR_DOMAINS = 1000
#: Characters of a group's name and of a proxy's that are shown.
LONGEST_NAME = 200

_QUESTIONS: Mapping[Step, Callable[[Translator], Html]] = {
    Step.CODES: lambda t: t(
        "Send me a transfer code, like <code>76686828-89727101</code>. Several at once are fine too."
    ),
    Step.MEANING: lambda t: t("<b>Which of these do you mean?</b>"),
    Step.GROUP: lambda t: t("<b>Which group?</b>\nTap one, or type part of its name to find it."),
    Step.GROUP_TITLE: lambda t: t("<b>Type a name for the new group.</b>"),
    Step.GROUP_MAKING: lambda t: t("Making the group in ixBrowser…"),
    Step.PROXY: lambda t: t(
        "<b>Which proxy?</b>\n<b>Keep</b>: the profile keeps its own proxy. <b>Direct</b>: it gets none."
    ),
    Step.CUSTOM: lambda t: t(
        "<b>Type the proxy</b>, for example\n<code>203.0.113.7:1080:user:password</code> or\n"
        "<code>socks5://user:password@203.0.113.7:1080</code>\n"
        "I delete your message at once, because of the password."
    ),
    Step.CUSTOM_TYPE: lambda t: t(
        "<b>Which type is this proxy?</b>\nYour message does not say. Ask the person who gave it to you; most are http."
    ),
    Step.SAVED: lambda t: t(
        "<b>Which of ixBrowser's saved proxies?</b>\nTap one, or type part of its address or note to find it."
    ),
    Step.STATIC: lambda t: t("<b>Which static proxy?</b>\nTap one, or type part of its address or note to find it."),
    Step.RESIDENTIAL: lambda t: t("<b>Which traffic package?</b>"),
    Step.IP_POLICY: lambda t: t("<b>Which IP does the profile get?</b>"),
    Step.LINK: lambda t: t(
        "<b>Send the extraction link</b>: the address from which ixBrowser takes a proxy.\n"
        "I delete your message at once, because the link is a secret."
    ),
    Step.LINK_TYPE: lambda t: t("<b>Which type are the proxies from this link?</b>"),
    Step.FORMAT: lambda t: t("<b>In which format does the link give proxies?</b>"),
    Step.METHOD: lambda t: t("<b>When should ixBrowser take a new proxy from the link?</b>"),
    Step.BYPASS: lambda t: t(
        "<b>Which websites do not use the proxy?</b>\nType their domains, one per line, for example\n"
        "<code>*.example.com\nwww.example.org</code>"
    ),
}


def question(t: Translator, step: Step, draft: Draft) -> Html:
    """The question of a step; for the last one, whether to import."""
    match step, draft.proxy:
        case Step.MEANT_CODE, _ if draft.meant is not None:
            return t("<b>Did you mean {code}?</b>", code=draft.meant.masked)
        case Step.CONFIRM, _:
            return t.many("<b>Import this profile?</b>", "<b>Import these {count} profiles?</b>", len(draft.codes))
        case Step.PASSWORD, Custom() as proxy:
            return t(
                "<b>Type the password</b> for {proxy}.\nI do not keep passwords, and delete your message at once.",
                proxy=proxy_texts.reading(t, proxy),
            )
        case Step.READING, _:
            ways = [
                t("{number}. {way}", number=t.number(n), way=proxy_texts.way(t, each)) for n, each in _numbered(draft)
            ]
            asked = t("<b>Which one is right?</b> Your text can be read in more than one way:")
            return Html("\n".join([asked, *ways]))
        case Step.BYPASS, _ if draft.bypass:
            return t("{question}\nWhat you type replaces the list.", question=_QUESTIONS[step](t))
        case _:
            return _QUESTIONS[step](t)


def _numbered(draft: Draft) -> Sequence[tuple[int, Custom]]:
    return list(enumerate(readings(draft), start=1))


def codes(t: Translator, some: Sequence[TransferCode]) -> Html:
    """The codes of a draft, masked, and how many more there are."""
    lines = [t("Code: {code}", code=code.masked) for code in some[:SHOWN_CODES]]
    if len(some) > SHOWN_CODES:
        rest = len(some) - SHOWN_CODES
        lines.append(t.many("and {count} more", "and {count} more", rest))
    return Html("\n".join(lines))


def group_line(t: Translator, group: GroupAnswer) -> Html:
    return t("Group: {group}", group=_group(t, group))


def _group(t: Translator, group: GroupAnswer) -> Html:
    match group:
        case DefaultGroup():
            return words.default_group(t)
        case ListedGroup(title=str(title)) if title:
            return t("<b>{title}</b>", title=cut(title, LONGEST_NAME))
        case ListedGroup(id=number):
            return t("number {number}", number=number)
        case NewGroup(title=title):
            return t("<b>{title}</b> (new)", title=title)
        case _:
            assert_never(group)


def bypass_line(t: Translator, domains: Sequence[str], most: int = SHOWN_DOMAINS) -> Html:
    """The bypass list, or as much of it as there is room for."""
    if not domains:
        return t("Bypass: off")
    some = list(domains[:most])
    while sum(map(width, some)) > ROOM_FOR_DOMAINS:
        some.pop()
    shown, left = t.items(some), len(domains) - len(some)
    if left:
        return t("Bypass: {shown} and {count} more", shown=shown, count=t.number(left))
    return t("Bypass: {shown}", shown=shown)


def loading(t: Translator) -> Html:
    return t("Asking ixBrowser…")


def old_list(t: Translator, why: Html, age: timedelta) -> Html:
    """Why the list can't be read now, and how old the one is that is shown."""
    return t("{why} This list is from {ago}.", why=why, ago=_ago(t, age))


def old_proxies(t: Translator, why: Html, age: timedelta) -> Html:
    """The same where only what kinds of proxies there are is shown."""
    return t("{why} Its own proxies are shown as they were {ago}.", why=why, ago=_ago(t, age))


def _ago(t: Translator, age: timedelta) -> Html:
    minutes = int(age / timedelta(minutes=1))
    if minutes == 0:
        return t("less than a minute ago")
    if minutes < 60:
        return t.many("{count} minute ago", "{count} minutes ago", minutes)
    if age < timedelta(days=1):
        return t.many("{count} hour ago", "{count} hours ago", minutes // 60)
    return t.many("{count} day ago", "{count} days ago", age.days)


def imported_later(t: Translator) -> Html:
    return t("You can still tap Import: it waits, and goes on by itself.")


def found_groups(t: Translator, search: str, count: int) -> Html:
    if count == 0:
        return t("No group has “{search}” in its name.", search=search)
    return t.many("{count} group with “{search}”:", "{count} groups with “{search}”:", count, search=search)


def found_proxies(t: Translator, search: str, count: int) -> Html:
    if count == 0:
        return t("No proxy has “{search}” in its address or note.", search=search)
    return t.many("{count} proxy with “{search}”:", "{count} proxies with “{search}”:", count, search=search)


def meaning(t: Translator, one: NamedChoice, among: Sequence[NamedChoice]) -> Html:
    """What a word may mean, on a button; groups of the same name are told by their number."""
    match one:
        case ListedGroup(id=number, title=title):
            alike = [each for each in among if isinstance(each, ListedGroup) and each.title == title]
            name = title or str(number)
            told = t("{name} ({number})", name=name, number=number) if len(alike) > 1 else name
            return t("Group: {group}", group=told)
        case DefaultGroup():
            return group_line(t, one)
        case _:
            return proxy_texts.proxy_line(t, one)


def page(t: Translator, number: int, pages: int) -> Html:
    return t("Page {number} of {pages}", number=t.number(number), pages=t.number(pages))


def none_left(t: Translator) -> Html:
    return t("ixBrowser has none of these any more. Tap Back.")


def can_be_typed(t: Translator) -> Html:
    return t("You can also type a proxy right away.")


def in_private(t: Translator) -> Html:
    return t("Proxies with a password, and extraction links, are chosen in a private chat with me.")


def draft_cancelled(t: Translator) -> Html:
    return t("Cancelled. Nothing was sent to ixBrowser.")


def draft_expired(t: Translator) -> Html:
    return t("Not confirmed for a day, so I closed this. Nothing was imported, the code is still valid.")


def draft_put_away(t: Translator) -> Html:
    return t("You can't import any more, so I closed this. Nothing was sent to ixBrowser.")


def draft_lost(t: Translator) -> Html:
    return t(
        "The key to the saved codes was lost, so I closed this. Nothing was imported, and the code is still valid. "
        "Send it again."
    )


def draft_confirmed(t: Translator) -> Html:
    return t("Confirmed.")
