"""A draft's answers as JSON, with the secrets apart: they go into a table of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from bot.domain.draft import (
    DefaultGroup,
    Draft,
    GroupAnswer,
    HandOver,
    LastChoices,
    ListedGroup,
    NamedChoice,
    NewGroup,
    Notice,
    OwnChoices,
    Receiver,
    Step,
)
from bot.domain.proxy import KINDS, Custom, ExtractionMethod, ProxyChoice, ProxyType, TextFormat
from bot.domain.recent import Recent
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError

Json = dict[str, Any]

_TYPES: Mapping[str, type] = {"type": ProxyType, "format": TextFormat, "method": ExtractionMethod}


def proxy_to_json(proxy: ProxyChoice | None) -> Json | None:
    """A proxy choice without its secrets."""
    if proxy is None:
        return None
    return {"kind": proxy.kind} | {
        f.name: getattr(proxy, f.name) for f in fields(proxy) if not f.metadata.get("secret")
    }


def proxy_secrets(proxy: ProxyChoice | None) -> dict[str, str]:
    """The secrets of a proxy choice by their field's name."""
    if proxy is None:
        return {}
    values = {f.name: getattr(proxy, f.name) for f in fields(proxy) if f.metadata.get("secret")}
    return {name: value for name, value in values.items() if value is not None}


#: The name under which the code is kept that is asked about: it is a secret as the draft's own codes are.
_MEANT = "meant_code"


def draft_secrets(draft: Draft) -> dict[str, str]:
    """The secrets of a draft but for its codes, by the names under which they are kept."""
    meant = {} if draft.meant is None else {_MEANT: draft.meant.text}
    return proxy_secrets(draft.proxy) | meant


def draft_holds_secrets(data: Json) -> bool:
    """Whether a stored draft may have secrets beside it."""
    return holds_secrets(data["proxy"]) or bool(data.get("meant"))


def holds_secrets(data: Json | None) -> bool:
    """Whether a stored choice is of a kind that may have secrets beside it."""
    return data is not None and any(f.metadata.get("secret") for f in fields(_kind(data)))


def _kind(data: Json) -> type[ProxyChoice]:
    kind = KINDS.get(data.get("kind", ""))
    if kind is None:
        raise _unreadable("proxy")
    return kind


def _unreadable(what: str) -> StorageError:
    # Nothing else may take its place: an import would go out with what nobody has chosen.
    return StorageError(f"a {what} in the database can't be read: no version of this program has written it so")


def proxy_or_none(data: Json | None, secrets: Mapping[str, str]) -> ProxyChoice | None:
    """The same where a choice may not have been made yet."""
    return None if data is None else proxy_from_json(data, secrets)


def proxy_from_json(data: Json | None, secrets: Mapping[str, str]) -> ProxyChoice:
    """The choice that was stored, with what secrets there still are. Raises ``StorageError`` where there is none."""
    values: Json = dict(data or {})
    kind = _kind(values)
    del values["kind"]
    if secrets:
        names = {f.name for f in fields(kind)}
        values |= {name: value for name, value in secrets.items() if name in names}
    try:
        for name, made_of in _TYPES.items():
            if values.get(name) is not None:
                values[name] = made_of(values[name])
        proxy = kind(**values)
    except (TypeError, ValueError):
        raise _unreadable("proxy") from None
    if isinstance(proxy, Custom) and proxy.host is not None and not proxy.user:
        # Without a user there is no password to ask for.
        return replace(proxy, password="")
    return proxy


def group_to_json(group: GroupAnswer | None) -> Json | None:
    match group:
        case None:
            return None
        case DefaultGroup():
            return {"kind": "default"}
        case ListedGroup(id=group_id, title=title):
            return {"kind": "listed", "id": group_id, "title": title}
        case NewGroup(title=title, sent=sent):
            return {"kind": "new", "title": title, "sent": sent}


def group_from_json(data: Json | None) -> GroupAnswer | None:
    if data is None:
        return None
    values = dict(data)
    kinds: dict[str, type[GroupAnswer]] = {"default": DefaultGroup, "listed": ListedGroup, "new": NewGroup}
    try:
        return kinds[values.pop("kind")](**values)
    except (KeyError, TypeError):
        raise _unreadable("group") from None


def own_to_json(own: OwnChoices | None) -> Json | None:
    """What differs for one code, without its secrets; None where nothing does."""
    if own is None:
        return None
    return {
        "group": group_to_json(own.group),
        "proxy": proxy_to_json(own.proxy),
        "bypass": None if own.bypass is None else list(own.bypass),
        "note": own.note,
    }


def own_from_json(data: Json, secrets: Mapping[str, str]) -> OwnChoices:
    group = group_from_json(data["group"])
    if isinstance(group, NewGroup):
        raise _unreadable("group")
    bypass = data["bypass"]
    return OwnChoices(
        group=group,
        proxy=proxy_or_none(data["proxy"], secrets),
        bypass=None if bypass is None else tuple(bypass),
        note=data["note"],
    )


def draft_to_json(draft: Draft) -> Json:
    """Everything of a draft but its codes with what is their own, and its secrets."""
    return {
        "group": group_to_json(draft.group),
        "proxy": proxy_to_json(draft.proxy),
        "bypass": list(draft.bypass),
        "note": draft.note,
        "changing": draft.changing,
        "former": proxy_to_json(draft.former),
        "page": draft.page,
        "search": draft.search,
        "proxy_until": draft.proxy_until and draft.proxy_until.isoformat(),
        "codes_deleted": draft.codes_deleted,
        "meant": draft.meant is not None,
        "meanings": [_meaning_to_json(meaning) for meaning in draft.meanings],
        "recent": _recent_to_json(draft.recent),
        "listed": draft.listed,
        "hand_over": _hand_over_to_json(draft.hand_over),
        "notice": draft.notice and {"reason": draft.notice.reason, "values": dict(draft.notice.values)},
        "last_type": draft.last_type,
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def draft_from_json(
    data: Json, codes: Sequence[TransferCode], own: Mapping[TransferCode, OwnChoices], secrets: Mapping[str, str]
) -> Draft:
    notice = data["notice"]
    meant = secrets.get(_MEANT) if data.get("meant") else None
    return Draft(
        codes=tuple(codes),
        group=group_from_json(data["group"]),
        proxy=proxy_or_none(data["proxy"], secrets),
        bypass=tuple(data["bypass"]),
        # Drafts of an earlier version have none.
        note=data.get("note", ""),
        own=own,
        changing=data["changing"] and Step(data["changing"]),
        former=proxy_or_none(data["former"], {}),
        page=data["page"],
        search=data["search"],
        proxy_until=_moment(data.get("proxy_until")),
        codes_deleted=data.get("codes_deleted", False),
        meant=None if meant is None else TransferCode(meant),
        meanings=tuple(map(_meaning_from_json, data.get("meanings", ()))),
        recent=_recent_from_json(data),
        listed=data.get("listed", False),
        hand_over=_hand_over_from_json(data.get("hand_over")),
        notice=notice and Notice(notice["reason"], notice["values"]),
        last_type=_last_type(data),
    )


def _hand_over_to_json(hand_over: HandOver | None) -> Json | None:
    return None if hand_over is None else asdict(hand_over)


def _hand_over_from_json(data: Json | None) -> HandOver | None:
    if data is None:
        return None
    receiver = data["receiver"] and Receiver(data["receiver"]["user_id"])
    return HandOver(receiver, data["hours"], data["changing"] and Step(data["changing"]))


def last_to_json(last: LastChoices) -> Json:
    return {
        "group": group_to_json(last.group),
        "proxy": proxy_to_json(last.proxy),
        "bypass": list(last.bypass),
        "last_type": last.last_type,
        "recent": _recent_to_json(last.recent),
    }


def last_from_json(data: Json | None) -> LastChoices:
    """The last choices; what needs a secret is unanswered there."""
    if data is None:
        return LastChoices()
    proxy = proxy_or_none(data["proxy"], {})
    group, recent = group_from_json(data["group"]), _recent_from_json(data)
    return LastChoices(group, proxy, tuple(data["bypass"]), _last_type(data), recent)


def _meaning_to_json(meaning: NamedChoice) -> Json:
    if isinstance(meaning, DefaultGroup | ListedGroup):
        return {"group": group_to_json(meaning)}
    return {"proxy": proxy_to_json(meaning)}


def _meaning_from_json(data: Json) -> NamedChoice:
    meaning = group_from_json(data["group"]) if "group" in data else proxy_from_json(data["proxy"], {})
    if not isinstance(meaning, NamedChoice):
        raise _unreadable("choice")
    return meaning


def _recent_to_json(recent: Recent) -> Json:
    return {"groups": recent.groups, "saved": recent.saved, "static": recent.static}


def _recent_from_json(data: Json) -> Recent:
    """What was used last; rows of an earlier version don't know."""
    return Recent(**{name: tuple(numbers) for name, numbers in (data.get("recent") or {}).items()})


def _last_type(data: Json) -> ProxyType | None:
    """The type that was used last; rows of an earlier version have none."""
    value = data.get("last_type")
    return value and ProxyType(value)
