"""After everything has come to rest: whether it was exactly once, and whether everybody was told the truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tests.end_to_end.mischief import MischievousIxBrowser
from tests.end_to_end.office import Office
from tests.end_to_end.people import Promise, Somebody

_SIGNS = {"imported": "✅", "failed": "❌", "cancelled": "🚫"}
_WRONG_CODE = 110002
_FIRST_UPDATE = 1001

Row = Mapping[str, Any]


def complaints(
    office: Office, browser: MischievousIxBrowser, people: Sequence[Somebody], names: Mapping[str, str]
) -> Iterator[str]:
    """Sentences about what is wrong. ``names`` has the profile's name for each good code; other codes are wrong."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in office.rows():
        rows[row["transfer_code"]].append(row)
    promises = {code: promise for person in people for code, promise in person.promises.items()}
    yield from browser.violations()
    yield from (f"the link of profile {number} was set twice" for number in browser.set_twice)
    yield from (
        f"the group {title} was made {n} times" for title, n in Counter(browser.groups.values()).items() if n > 1
    )
    yield from _updates(office)
    yield from _drafts(office, people)
    yield from (f"{code} was confirmed by nobody" for code in rows.keys() - promises.keys())
    for code, promise in promises.items():
        yield from _of_code(browser, code, rows[code], promise, names.get(code))
    for person in people:
        for code in person.promises:
            yield from _told(person, code, rows[code])
    yield from (
        f"{table} still holds {len(left)} rows" for table in ("outbox", "secrets") if (left := office.rows(table))
    )


def _updates(office: Office) -> Iterator[str]:
    sent = set(range(_FIRST_UPDATE, office.telegram.updates.next_id))
    handled = {row["update_id"] for row in office.rows("handled_updates")}
    if sent != handled:
        yield f"updates {sorted(sent - handled)} were never handled"
    if office.telegram.updates.pending:
        yield f"updates {office.telegram.updates.pending} are not confirmed"


def _drafts(office: Office, people: Sequence[Somebody]) -> Iterator[str]:
    for person in people:
        drafts = {row["id"]: row["state"] for row in office.rows("drafts") if row["user_id"] == person.person.id}
        if drafts.keys() != person.drafts:
            yield f"{person.person.first_name} began {sorted(person.drafts)}, and there are {sorted(drafts)}"
        yield from (f"draft {number} is still open" for number, state in drafts.items() if state == "open")


def _of_code(
    browser: MischievousIxBrowser, code: str, rows: Sequence[Row], promise: Promise, name: str | None
) -> Iterator[str]:
    """What is wrong with the import of one code that was confirmed."""
    if len(rows) != 1:
        yield f"{code} has {len(rows)} rows"
        return
    [row] = rows
    status, made = row["status"], browser.made[code]
    if status not in _SIGNS or (status == "imported") != bool(made):
        yield f"{code} is {status} ({row['error_code']}), and was imported {made} times"
    # Attempts that a kill has cut off leave no answer, and after the last of them there is none to tell.
    reasons = {_WRONG_CODE, None} if name is None else {row["error_code"]} - {_WRONG_CODE}
    if status == "failed" and row["error_code"] not in reasons:
        yield f"{code} failed with {row['error_code']}, and is {'wrong' if name is None else 'right'}"
    if row["user_id"] != promise.person_id:
        yield f"{code} was confirmed by {promise.person_id} and is logged for {row['user_id']}"
    for request in browser.imports:
        if request["transfer_code"] == code and (said := _differs(browser, request, promise)):
            yield f"{code}: {said}"
    if status == "imported":
        yield from _of_profile(browser, row, promise, name)


def _differs(browser: MischievousIxBrowser, request: Row, promise: Promise) -> str:
    """How a request differs from what the card said when it was confirmed."""
    number = request.get("group_id")
    group = "Default group" if number is None else browser.groups[number]
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
        case "extraction link":
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
        yield f"{row['transfer_code']} is logged as {row['profile_name']!r}, and is {name!r}"
    number = row["profile_id"]
    if number is None or browser.profiles[number]["name"] != name:
        yield f"{row['transfer_code']} is logged as profile {number}"
    elif promise.proxy.startswith("extraction") and (
        row["proxy_status"] != "set" or not browser.profiles[number].get("proxy_url", "").endswith(promise.secret)
    ):
        yield f"the link of {row['transfer_code']} is {row['proxy_status']}"


def _told(person: Somebody, code: str, rows: Collection[Row]) -> Iterator[str]:
    for row in rows:
        if person.ending(code) != _SIGNS.get(row["status"]):
            yield f"{person.person.first_name} was told {person.ending(code)!r} of {code}, which is {row['status']}"
