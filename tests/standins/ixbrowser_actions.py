"""What each action of the Local API does to the stand-in's world."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.standins.ixbrowser_checks import (
    ActionRefused,
    checked_extraction,
    checked_import_proxy,
    checked_proxy,
    is_number,
    refuse_unless,
    required,
)
from tests.standins.ixbrowser_world import DEFAULT_GROUP, Row, World

IMPORT = "profile-transfer-code-import"
RECORDS = "profile-transfer-record-list"
RECEIVED = 2


def _group_list(world: World, body: Row) -> Row:
    title = str(body.get("title") or "").casefold()
    return _page(body, ({"id": key, "title": name} for key, name in world.groups.items() if title in name.casefold()))


def _group_create(world: World, body: Row) -> int:
    title = body.get("title")
    refuse_unless(isinstance(title, str) and title.strip(), 105001)
    refuse_unless(is_number(body.get("sort")), 105003)
    refuse_unless(title not in world.groups.values(), 105002)
    return world.add_group(str(title))


def _proxy_list(world: World, body: Row) -> Row:
    kind = body.get("type", 0)
    refuse_unless(is_number(kind) and kind in {0, 1, 2}, 1000)
    ip = str(body.get("proxy_ip") or "")
    return _page(body, (row for row in world.proxies.values() if kind in (0, row["type"]) and ip in row["proxy_ip"]))


def _traffic_package_list(world: World, body: Row) -> Row:
    return _page(body, world.packages.values())


def _profile_list(world: World, body: Row) -> Row:
    name = str(body.get("name") or "").casefold()
    rows = (
        row | {"group_name": world.groups.get(row["group_id"], "")}
        for row in reversed(world.profiles.values())
        if name in row["name"].casefold()
        and body.get("profile_id") in (None, 0, row["profile_id"])
        and body.get("group_id") in (None, 0, row["group_id"])
    )
    return _page(body, rows)


def _record_list(world: World, body: Row) -> Row:
    kind = required(body, "type")
    refuse_unless(kind in (1, RECEIVED), 1000)
    title = str(body.get("title") or "").casefold()
    rows = world.records if kind == RECEIVED else world.sent_records
    return _page(body, (row for row in reversed(rows) if title in row["name"].casefold()))


def _import(world: World, body: Row) -> Row:
    code = required(body, "transfer_code")
    refuse_unless(code != "", 110001)
    offer = world.offers.get(code) if isinstance(code, str) else None
    if offer is None:
        raise ActionRefused(110002)
    refuse_unless(offer.own_profile is None, 110003)
    group_id = body.get("group_id", DEFAULT_GROUP)
    refuse_unless(is_number(group_id) and (group_id in world.groups or "group_id" not in body), 110004)
    proxy = checked_import_proxy(world, body["proxy_config"]) if "proxy_config" in body else None
    return {"profile_id": world.receive(str(code), group_id, proxy)}


def _code_create(world: World, body: Row) -> Row:
    profile_id = _existing_profile(world, body.get("profile_id"))
    refuse_unless(body.get("password"), 1012)
    refuse_unless(body["password"] == world.login_password, 1013)
    return {"transfer_code": world.offer_of(profile_id)}


def _code_cancel(world: World, body: Row) -> list[object]:
    world.cancel_offers_of(_existing_profile(world, body.get("profile_id")))
    return []


def _update_groups(world: World, body: Row) -> str:
    group_id = required(body, "group_id")
    refuse_unless(is_number(group_id) and group_id in world.groups, 102009)
    profile_ids = required(body, "profile_id")
    refuse_unless(isinstance(profile_ids, list) and profile_ids, 2001)
    for profile_id in [_existing_profile(world, value) for value in body["profile_id"]]:
        world.profiles[profile_id]["group_id"] = group_id
    return "success"


def _update_to_custom(world: World, body: Row) -> str:
    info = _proxy_info(body)
    refuse_unless(info.get("proxy_mode", 2) == 2, 2010)
    return _set_proxy(world, body, checked_proxy(world, info))


def _update_to_extraction(world: World, body: Row) -> str:
    return _set_proxy(world, body, checked_extraction(_proxy_info(body)))


#: What each action answers as ``data``; it raises ``ActionRefused`` and then has changed nothing.
ACTIONS: dict[str, Callable[[World, Row], object]] = {
    "group-list": _group_list,
    "group-create": _group_create,
    "proxy-list": _proxy_list,
    "traffic-package-list": _traffic_package_list,
    "profile-list": _profile_list,
    RECORDS: _record_list,
    IMPORT: _import,
    "profile-transfer-code-create": _code_create,
    "profile-transfer-cancel": _code_cancel,
    "profile-update-groups-in-batches": _update_groups,
    "profile-update-proxy-for-custom-proxy": _update_to_custom,
    "profile-update-proxy-for-api-extraction": _update_to_extraction,
}


def _page(body: Row, rows: Iterable[Row]) -> Row:
    page, limit = body.get("page", 1), body.get("limit", 10)
    refuse_unless(is_number(page) and is_number(limit) and page > 0 and limit > 0, 1000)
    found = list(rows)
    return {"total": len(found), "data": found[(page - 1) * limit : page * limit]}


def _existing_profile(world: World, profile_id: Any) -> int:
    refuse_unless(profile_id not in (None, "", 0), 2001)
    refuse_unless(is_number(profile_id) and profile_id in world.profiles, 2007)
    return int(profile_id)


def _proxy_info(body: Row) -> Row:
    info = required(body, "proxy_info")
    if not isinstance(info, dict):
        raise ActionRefused(1000)
    return info


def _set_proxy(world: World, body: Row, proxy: Row) -> str:
    profile = world.profiles[_existing_profile(world, body.get("profile_id"))]
    for name in [name for name in profile if name.startswith(("proxy_", "traffic_"))]:
        del profile[name]
    profile.update(proxy)
    return "success"
