"""What the team's feed says, and what its card says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.imports.texts import LONGEST_NAME, group_line, key_lost, profile, reason
from bot.chat.translator import Html, Translator, cut, fitting
from bot.domain.loudness import Loudness
from bot.usecases.feed_rows import FeedKind, HandedOver
from bot.usecases.feed_telling import BatchEnded, Counts, FeedMessage, Together
from bot.usecases.records import LoggedImport

#: Profiles, reasons and people that one message lists.
MOST_PROFILES = 10
MOST_REASONS = 3
MOST_PEOPLE = 20
#: Characters that the profiles, or the people, may take together.
ROOM = 2200

# --- the card ---------------------------------------------------------------------------------------------------------


def card(t: Translator) -> Html:
    return t(
        "<b>The team's feed is here.</b>\n"
        "Here I tell the team what was imported, handed over, or has failed. Tap to change how: off, silent or loud."
    )


_LABELS: Mapping[FeedKind, Mapping[Loudness, Callable[[Translator], Html]]] = {
    FeedKind.IMPORTED: {
        Loudness.OFF: lambda t: t("Imported: off"),
        Loudness.SILENT: lambda t: t("Imported: silent"),
        Loudness.LOUD: lambda t: t("Imported: loud"),
    },
    FeedKind.HANDED_OVER: {
        Loudness.OFF: lambda t: t("Handed over: off"),
        Loudness.SILENT: lambda t: t("Handed over: silent"),
        Loudness.LOUD: lambda t: t("Handed over: loud"),
    },
    FeedKind.FAILED: {
        Loudness.OFF: lambda t: t("Failed: off"),
        Loudness.SILENT: lambda t: t("Failed: silent"),
        Loudness.LOUD: lambda t: t("Failed: loud"),
    },
}


def label(t: Translator, kind: FeedKind, loudness: Loudness) -> Html:
    """What a button says: how something of this kind is told now."""
    return _LABELS[kind][loudness](t)


def stop(t: Translator) -> Html:
    return t("Stop")


def move(t: Translator) -> Html:
    return t("Move it here")


def ended(t: Translator) -> Html:
    return t("The team's feed has ended. /feed begins it again.")


def elsewhere(t: Translator, title: str, *, same_chat: bool) -> Html:
    """Whether it is to be moved from another group chat, or from another topic of this one."""
    if same_chat:
        return t("The feed is in another topic of this group now. Move it here?")
    return t("The feed is in “{title}” now. Move it here?", title=cut(title, LONGEST_NAME))


def stays(t: Translator) -> Html:
    return t("The feed stays where it is.")


def only_in_groups(t: Translator) -> Html:
    return t(
        "The feed tells a team what was imported. Send /feed in the group chat, or in the topic, in which you want to "
        "have it."
    )


# --- what it tells ----------------------------------------------------------------------------------------------------


def message(t: Translator, told: FeedMessage) -> Html:
    """One message of the feed."""
    match told.said:
        case HandedOver():
            return handed_over(t, told.said)
        case Together():
            return together(t, told.said)
        case BatchEnded():
            return batch(t, told.said)


def batch(t: Translator, said: BatchEnded) -> Html:
    """What became of what somebody has imported at once."""
    lines = [_headline(t, said)]
    if len(said.imported) == 1 and not said.failed and not said.unknown:
        lines.append(group_line(t, said.imported[0]))
    else:
        some = fitting((_profile(t, row) for row in said.imported[:MOST_PROFILES]), ROOM)
        lines += [*some, *_more(t, len(said.imported) - len(some))]
    lines += _reasons(t, said.failed)
    if said.unknown:
        lines.append(
            t.many(
                "❓ {count} not known: check in ixBrowser whether the profile is there.",
                "❓ {count} not known: check in ixBrowser whether the profiles are there.",
                len(said.unknown),
            )
        )
    return Html("\n".join(lines))


def _headline(t: Translator, said: BatchEnded) -> Html:
    name, done = cut(said.name, LONGEST_NAME), len(said.imported)
    total = done + len(said.failed) + len(said.unknown)
    if done == total == 1:
        return t("✅ <b>{name}</b> imported {profile}", name=name, profile=profile(t, said.imported[0]))
    if done == total:
        return t.many(
            "✅ <b>{name}</b> imported {count} profile", "✅ <b>{name}</b> imported {count} profiles", total, name=name
        )
    if not done and not said.failed:
        return t("❓ <b>{name}</b>: the result is unknown", name=name)
    if not done:
        return t.many(
            "❌ <b>{name}</b> could not import a profile",
            "❌ <b>{name}</b> could not import {count} profiles",
            total,
            name=name,
        )
    return t.many(
        "⚠️ <b>{name}</b> imported {done} of {count} profile",
        "⚠️ <b>{name}</b> imported {done} of {count} profiles",
        total,
        name=name,
        done=t.number(done),
    )


def _profile(t: Translator, row: LoggedImport) -> Html:
    group: str = words.default_group(t) if row.group_id is None else cut(row.group_title or "", LONGEST_NAME)
    return t("• {profile} · {group}", profile=profile(t, row), group=group or row.group_id)


def _more(t: Translator, left: int) -> Sequence[Html]:
    return [t.many("and {count} more", "and {count} more", left)] if left else []


def _reasons(t: Translator, failed: Sequence[LoggedImport]) -> Sequence[Html]:
    """The reasons with how many imports each has kept from being one, the most frequent first."""
    counts = Counter((row.key_lost, row.error_code, row.error_message) for row in failed).most_common()
    lines = []
    for (lost, code, said), count in counts[:MOST_REASONS]:
        why = key_lost(t) if lost else reason(t, code, said)
        lines.append(t.many("❌ {count} failed: {why}", "❌ {count} failed: {why}", count, why=why))
    left = sum(count for _, count in counts[MOST_REASONS:])
    if left:
        lines.append(t.many("❌ {count} failed for another reason", "❌ {count} failed for other reasons", left))
    return lines


def handed_over(t: Translator, said: HandedOver) -> Html:
    giver = cut(said.giver, LONGEST_NAME)
    if said.receiver is None:
        head = t.many(
            "🤝 <b>{giver}</b> left {count} code for the team",
            "🤝 <b>{giver}</b> left {count} codes for the team",
            said.count,
            giver=giver,
        )
    else:
        head = t.many(
            "🤝 <b>{giver}</b> left {count} code for <b>{receiver}</b>",
            "🤝 <b>{giver}</b> left {count} codes for <b>{receiver}</b>",
            said.count,
            giver=giver,
            receiver=cut(said.receiver, LONGEST_NAME),
        )
    masks = [t("• {code}", code=mask) for mask in said.masks]
    return Html("\n".join([head, *masks, *_more(t, said.count - len(masks))]))


def together(t: Translator, said: Together) -> Html:
    """What had to wait, since too much was told before."""
    total = sum(person.total for person in said.people)
    head = t.many("📋 <b>{count} more:</b>", "📋 <b>{count} more:</b>", total)
    some = fitting((_counts(t, person) for person in said.people[:MOST_PEOPLE]), ROOM)
    left = len(said.people) - len(some)
    rest = [t.many("and {count} more person", "and {count} more people", left)] if left else []
    return Html("\n".join([head, *some, *rest]))


def _counts(t: Translator, person: Counts) -> Html:
    said = [
        (person.imported, t.many("{count} imported", "{count} imported", person.imported)),
        (person.handed_over, t.many("{count} handed over", "{count} handed over", person.handed_over)),
        (person.failed, t.many("{count} failed", "{count} failed", person.failed)),
        (person.unknown, t.many("{count} not known", "{count} not known", person.unknown)),
    ]
    counts = t.items(each for count, each in said if count)
    return t("• <b>{name}</b>: {counts}", name=cut(person.name, LONGEST_NAME), counts=counts)
