"""The audit's entries as sentences, and the buttons by which it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.imports.people import person as called
from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.usecases.audit import NOBODY, AuditEntry
from bot.usecases.permissions import PERMISSIONS, UseCase
from bot.usecases.records import Role


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a kind is called on its button, and an entry of it as a sentence of ``who``, ``whom`` and ``number``."""

    label: Callable[[Translator], Html]
    sentence: Callable[[Translator, Mapping[str, object]], Html]


def _for_whom(
    some: Callable[[Translator, Mapping[str, object]], Html], team: Callable[..., Html]
) -> Callable[..., Html]:
    """One sentence where it was for a person, and another where it was for the team."""
    return lambda t, values: some(t, values) if values["whom"] else team(t, values)


def _group_left(t: Translator, values: Mapping[str, object]) -> Html:
    """Who it was is not always known."""
    if values["who"]:
        return t("{who} removed me from a group chat", **values)
    return t("I was removed from a group chat")


#: One line a kind, in the order in which they are offered.
KINDS: Mapping[str, _Kind] = {
    "confirmed": _Kind(lambda t: t("Imports"), lambda t, v: t("{who} confirmed import {number}", **v)),
    "cancelled": _Kind(lambda t: t("Cancelled"), lambda t, v: t("{who} cancelled import {number}", **v)),
    "codes_shown": _Kind(lambda t: t("Codes shown"), lambda t, v: t("{who} looked at codes", **v)),
    "asked": _Kind(lambda t: t("Asked"), lambda t, v: t("{who} asked for access", **v)),
    "allowed": _Kind(lambda t: t("Allowed"), lambda t, v: t("{who} allowed {whom} as {detail}", **v)),
    "refused_access": _Kind(lambda t: t("Refused"), lambda t, v: t("{who} refused {whom} access", **v)),
    "removed": _Kind(lambda t: t("Removed"), lambda t, v: t("{who} removed {whom}", **v)),
    "role_changed": _Kind(lambda t: t("Roles"), lambda t, v: t("{who} made {whom} {detail}", **v)),
    "invited": _Kind(lambda t: t("Invitations"), lambda t, v: t("{who} made invitation {number}", **v)),
    "joined": _Kind(lambda t: t("Joined"), lambda t, v: t("{who} joined with invitation {number}", **v)),
    "invitation_revoked": _Kind(lambda t: t("Revoked"), lambda t, v: t("{who} revoked invitation {number}", **v)),
    "kept_codes_shown": _Kind(
        lambda t: t("Kept codes shown"), lambda t, v: t("{who} looked at the kept codes of {whom}", **v)
    ),
    "group_joined": _Kind(lambda t: t("Group chats joined"), lambda t, v: t("{who} brought me into a group chat", **v)),
    "group_allowed": _Kind(lambda t: t("Group chats allowed"), lambda t, v: t("{who} allowed me in a group chat", **v)),
    "group_refused": _Kind(lambda t: t("Group chats refused"), lambda t, v: t("{who} refused me in a group chat", **v)),
    "group_left": _Kind(lambda t: t("Group chats left"), _group_left),
    "handed_over": _Kind(
        lambda t: t("Handed over"),
        _for_whom(
            lambda t, v: t("{who} left codes for {whom} ({number})", **v),
            lambda t, v: t("{who} left codes for the team ({number})", **v),
        ),
    ),
    "taken": _Kind(lambda t: t("Taken"), lambda t, v: t("{who} took what {whom} left ({number})", **v)),
    "declined": _Kind(lambda t: t("Declined"), lambda t, v: t("{who} declined what {whom} left ({number})", **v)),
    "withdrawn": _Kind(lambda t: t("Withdrawn"), lambda t, v: t("{who} took back what they left ({number})", **v)),
    "reassigned": _Kind(
        lambda t: t("Reassigned"),
        _for_whom(
            lambda t, v: t("{who} gave {whom} what was left ({number})", **v),
            lambda t, v: t("{who} gave the team what was left ({number})", **v),
        ),
    ),
    "split": _Kind(lambda t: t("Split up"), lambda t, v: t("{who} split up what was left ({number})", **v)),
    "returned_shown": _Kind(
        lambda t: t("Returned codes"), lambda t, v: t("{who} looked at codes that came back ({number})", **v)
    ),
    "feed_changed": _Kind(lambda t: t("Feed"), lambda t, v: t("{who} changed the team's feed", **v)),
    "members_confirmed": _Kind(
        lambda t: t("Members confirmed"), lambda t, v: t("{who} confirmed the members after a restore", **v)
    ),
    "recovery_goes_on": _Kind(lambda t: t("Gone on"), lambda t, v: t("{who} let me go on after a restore", **v)),
    "recovery_stopped": _Kind(lambda t: t("Stopped"), lambda t, v: t("{who} stopped me after a restore", **v)),
    "denied": _Kind(lambda t: t("Denied"), lambda t, v: t("{who} was not allowed to {detail}", **v)),
}

#: What a member may and a viewer may not.
_IMPORTING = PERMISSIONS[Role.MEMBER] - PERMISSIONS[Role.VIEWER]
#: Words for what a use case does, or for a role.
_DETAILS: Mapping[str, Callable[[Translator], Html]] = {
    Role.VIEWER: lambda t: t("a viewer"),
    Role.MEMBER: lambda t: t("a member"),
    Role.ADMIN: lambda t: t("an admin"),
    "": lambda t: t("use this bot"),
    **{use_case: lambda t: t("import profiles") for use_case in _IMPORTING},
    **dict.fromkeys((UseCase.LIST_MEMBERS, UseCase.SHOW_MEMBER), lambda t: t("see who may use this bot")),
    UseCase.CHANGE_ROLE: lambda t: t("give somebody access"),
    **dict.fromkeys(
        (UseCase.REMOVE_MEMBER, UseCase.ASK_REMOVAL, UseCase.REMOVE_JOINED), lambda t: t("remove somebody")
    ),
    **dict.fromkeys(
        (UseCase.ANSWER_REQUEST, UseCase.SHOW_NEXT_OF_CROWD, UseCase.REFUSE_CROWD),
        lambda t: t("answer requests for access"),
    ),
    **dict.fromkeys(
        (
            *(UseCase.BEGIN_INVITATION, UseCase.CHOOSE_INVITATION, UseCase.INVITE),
            *(UseCase.LIST_INVITATIONS, UseCase.REVOKE_INVITATION),
        ),
        lambda t: t("invite people"),
    ),
    **dict.fromkeys(
        (UseCase.ALLOW_GROUP_CHAT, UseCase.REFUSE_GROUP_CHAT, UseCase.REFUSE_GROUP_CHATS),
        lambda t: t("decide where I work"),
    ),
    UseCase.LIST_ALL_HANDOFFS: lambda t: t("see what others have left"),
    UseCase.SET_FEED: lambda t: t("change the team's feed"),
    **dict.fromkeys((UseCase.CONFIRM_MEMBERS, UseCase.DECIDE_RECOVERY), lambda t: t("decide after a restore")),
    UseCase.SHOW_KEPT_CODES: lambda t: t("see the codes of somebody else"),
    **dict.fromkeys((UseCase.READ_AUDIT, UseCase.LIST_AUDITED), lambda t: t("read the audit")),
    **dict.fromkeys((UseCase.READ_STATUS, UseCase.CHOOSE_ALERTS), lambda t: t("see how this bot is doing")),
}


def label(t: Translator, kind: str) -> str:
    """What a kind is called."""
    known = KINDS.get(kind)
    return kind.replace("_", " ") if known is None else known.label(t)


def person(t: Translator, person_id: int, names: Mapping[int, str]) -> str:
    """How somebody is called: by their name, by their id where there is none."""
    return called(t, person_id, names.get(person_id, ""))


def page(
    t: Translator,
    entries: Sequence[AuditEntry],
    names: Mapping[int, str],
    time_zone: str,
    *,
    of: str | None,
    kind: str | None,
) -> Html:
    """A page of the audit; ``of`` is the person and ``kind`` the kind of which it is."""
    title = [t("<b>Who did what</b>, newest first")]
    if of is not None:
        title.append(t("Person: {name}", name=of))
    if kind is not None:
        title.append(t("Only: {kind}", kind=label(t, kind)))
    said = [_entry(t, entry, names, time_zone) for entry in entries] or [t("There are no entries yet.")]
    return Html("\n".join([*title, "", *said]))


def _entry(t: Translator, entry: AuditEntry, names: Mapping[int, str], time_zone: str) -> Html:
    values = {
        "who": "" if entry.actor_id == NOBODY else person(t, entry.actor_id, names),
        "whom": "" if entry.subject_id is None else person(t, entry.subject_id, names),
        "number": entry.object_id or "",
        "detail": _detail(t, entry.detail),
        "kind": entry.kind.replace("_", " "),
    }
    known = KINDS.get(entry.kind)
    sentence = t("{who}: {kind} {whom}", **values) if known is None else known.sentence(t, values)
    told = t("{when} {sentence}", when=t.moment(entry.at, time_zone), sentence=sentence)
    if entry.chat_id is not None and entry.chat_id < 0:
        return t("{told} · in group chat <code>{chat}</code>", told=told, chat=entry.chat_id)
    return told


def _detail(t: Translator, detail: str) -> str:
    known = _DETAILS.get(detail)
    return detail.replace("_", " ") if known is None else known(t)


def private_only(t: Translator) -> Html:
    return t("Other people can read this chat. Send me /audit in private.")


def whose(t: Translator) -> Html:
    return t("Whose entries? You can also search by name: <code>/audit Kim</code>")


def nobody(t: Translator, search: str) -> Html:
    return t("I found nobody with “{search}” in their name.", search=cut(search, LONGEST_NAME))


def which_kind(t: Translator) -> Html:
    return t("Which kind?")


def by_person(t: Translator) -> Html:
    return t("By person")


def by_kind(t: Translator) -> Html:
    return t("By kind")


def without(t: Translator, name: str) -> Html:
    """Takes a person, or a kind, out of what is looked for."""
    return t("✖ {name}", name=name)
