"""After everything has come to rest: whether it was exactly once, and whether everybody was told the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.domain.import_transitions import ATTEMPTS
from bot.domain.transfer_code import mask
from tests.end_to_end.mischief import MischievousIxBrowser
from tests.end_to_end.newcomers import Newcomer
from tests.end_to_end.office import Office
from tests.end_to_end.people import Somebody
from tests.end_to_end.talk import Promise

_SIGNS = {"imported": "✅", "failed": "❌", "cancelled": "🚫"}
_WRONG_CODE = 110002
_FIRST_UPDATE = 1001

Row = Mapping[str, Any]


def complaints(
    office: Office,
    browser: MischievousIxBrowser,
    people: Sequence[Somebody],
    names: Mapping[str, str],
    *,
    kept: Collection[int],
) -> Iterator[str]:
    """Sentences about what is wrong. ``names`` has the profile's name for each good code; other codes are wrong.

    ``kept`` are the imports that were cancelled since their person was removed.
    """
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in office.rows():
        rows[row["code"]].append(row)
    promises: defaultdict[str, dict[int, Promise]] = defaultdict(dict)
    for person in people:
        for code, promise in person.promises.items():
            promises[code][person.person.id] = promise
    yield from browser.violations()
    yield from (f"the link of profile {number} was set twice" for number in browser.set_twice)
    yield from (f"the group {title} was made twice" for title in browser.created_twice)
    yield from _updates(office, people)
    yield from _drafts(office, people)
    for code in rows.keys() | promises.keys():
        yield from _of_code(browser, code, rows[code], promises[code], names.get(code))
    for person in people:
        yield from _of_person(person, rows, kept)
    yield from (
        f"{table} still holds {len(left)} rows" for table in ("outbox", "secrets") if (left := office.rows(table))
    )


def _updates(office: Office, people: Sequence[Somebody]) -> Iterator[str]:
    sent = set(range(_FIRST_UPDATE, office.telegram.updates.next_id))
    handled = {row["update_id"] for row in office.rows("handled_updates")}
    # What a stranger does may be passed over.
    strangers = set[int]().union(*(person.updates for person in people if isinstance(person, Newcomer)))
    if lost := sent - handled - strangers:
        yield f"updates {sorted(lost)} were never handled"
    if office.telegram.updates.pending:
        yield f"updates {office.telegram.updates.pending} are not confirmed"


def _drafts(office: Office, people: Sequence[Somebody]) -> Iterator[str]:
    for person in people:
        drafts = {row["id"]: row["state"] for row in office.rows("drafts") if row["user_id"] == person.person.id}
        seen = drafts.keys() if person.sees_all_drafts else drafts.keys() & person.drafts
        if seen != person.drafts:
            yield f"{person.person.first_name} began {sorted(person.drafts)}, and there are {sorted(drafts)}"
        yield from (f"draft {number} is still open" for number, state in drafts.items() if state == "open")


def _of_code(
    browser: MischievousIxBrowser,
    code: str,
    rows: Sequence[Row],
    promises: Mapping[int, Promise],
    name: str | None,
) -> Iterator[str]:
    """What is wrong with the imports of one code, by those who have confirmed it: one each, of which one succeeds."""
    owners = sorted(row["user_id"] for row in rows)
    if owners != sorted(promises):
        yield f"{code} was confirmed by {sorted(promises)} and is logged for {owners}"
        return
    statuses, made = [row["status"] for row in rows], browser.made[code]
    if statuses.count("imported") != made or not _SIGNS.keys() >= set(statuses):
        yield f"{code} is {statuses}, and was imported {made} times"
    for row in rows:
        # Only after so many attempts without an answer is nothing known of a code, be it right or wrong.
        known = browser.tried[code] < ATTEMPTS
        if row["status"] == "failed" and (row["error_code"] == _WRONG_CODE or known) and name is not None:
            yield f"{code} failed with {row['error_code']} after {browser.tried[code]} attempts, and is right"
        if row["status"] == "failed" and row["error_code"] != _WRONG_CODE and known and name is None:
            yield f"{code} failed with {row['error_code']} after {browser.tried[code]} attempts, and is wrong"
        if row["status"] == "imported":
            yield from _of_profile(browser, row, promises[row["user_id"]], name)
    for request in browser.imports:
        if request["transfer_code"] != code:
            continue
        differences = [differs(browser, request, promise) for promise in promises.values()]
        if all(differences):
            yield f"{code}: {differences}"


def differs(browser: MischievousIxBrowser, request: Row, promise: Promise) -> str:
    """How a request differs from what the card said when it was confirmed."""
    number = request.get("group_id")
    group = "Default" if number is None else browser.groups[number]
    # While ixBrowser's list can't be read, the card tells a group by its number.
    if promise.group not in {group, f"number {number}"}:
        return f"group {group} instead of {promise.group}"
    config = request.get("proxy_config")
    kind = promise.proxy.partition(" (")[0].partition(",")[0]
    match kind:
        case "the profile's own":
            right = config is None
        case "none":
            right = config is not None and config["proxy_type"] == "direct"
        case "from a link":
            right = config is not None and config.get("proxy_url", "").endswith(promise.secret)
        case _:
            right = config is not None and config.get("proxy_password") == promise.secret
    return (
        "" if right and (promise.secret or kind in {"the profile's own", "none"}) else f"proxy {config} for {promise}"
    )


def _of_profile(browser: MischievousIxBrowser, row: Row, promise: Promise, name: str | None) -> Iterator[str]:
    """What is wrong with an imported profile."""
    # A name that could not be looked up at once is looked up again later.
    if row["profile_name"] not in {name, "" if row["profile_id"] else name}:
        yield f"{row['code']} is logged as {row['profile_name']!r}, and is {name!r}"
    number = row["profile_id"]
    if number is None or browser.profiles[number]["name"] != name:
        yield f"{row['code']} is logged as profile {number}"
    elif promise.proxy.startswith("from a link") and (
        row["proxy_status"] != "set" or not browser.profiles[number].get("proxy_url", "").endswith(promise.secret)
    ):
        yield f"the link of {row['code']} is {row['proxy_status']}"


def _of_person(person: Somebody, rows: Mapping[str, Collection[Row]], kept: Collection[int]) -> Iterator[str]:
    """What is wrong with what somebody was told."""
    name = person.person.first_name
    for code in person.promises:
        for row in rows[code]:
            if row["user_id"] != person.person.id:
                continue
            if person.ending(code) != _SIGNS.get(row["status"]):
                yield f"{name} was told {person.ending(code)!r} of {code}, which is {row['status']}"
            if row["status"] == "cancelled" and code not in person.cancelled and row["id"] not in kept:
                yield f"{code} is cancelled, and {name} never wanted that"
    said = [message.text for message in person.chat.messages if message.from_bot]
    for code in person.refused:
        owners = [row["user_name"] for row in rows[code]]
        if not any(mask(code) in text and f" by {owner}" in text for text in said for owner in owners):
            yield f"{name} was not told that {code} is imported by one of {owners}"
