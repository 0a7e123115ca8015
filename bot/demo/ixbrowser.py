"""The demo's pretend ixBrowser: things to choose from, and codes to import. It checks codes and little else."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpx

from bot.demo import texts
from bot.demo.texts import Say

Row = dict[str, Any]

#: Seconds that an import takes: long enough to see that it is being done.
IMPORT_TAKES = 0.4
#: The code that the README shows, which people try first.
SAMPLE_CODE = "76686828-89727101"

_GROUPS = ("Default group", "Shops EU", "Shops US", "Ads <Q4> & more", "店铺 · 上海", "Кабинеты", "Bán hàng 🛒")
_PROXIES = (
    {"type": 1, "proxy_type": "socks5", "proxy_ip": "203.0.113.7", "proxy_port": "1080", "proxy_user": "ana"}
    | {"proxy_password": "demo", "note": "Ana's"},
    {"type": 1, "proxy_type": "http", "proxy_ip": "203.0.113.8", "proxy_port": "8080", "note": "office"},
    {"type": 2, "proxy_type": "http", "proxy_ip": "198.51.100.9", "proxy_port": "8000", "note": "Frankfurt"},
)
_OFFERS = ("Shop Berlin", "Shop Hanoi", "店铺 42")


class ActionRefused(Exception):
    """ixBrowser says no, with a code and the words of its error table."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class DemoIxBrowser:
    """``running`` can be switched at any time. ``new_code`` makes the transfer codes that it offers."""

    def __init__(self, new_code: Callable[[], str] | None = None) -> None:
        self._new_code = new_code or random_code
        self.running = True
        self._groups = dict(enumerate(_GROUPS, 1))
        self._proxies: list[Row] = [{"id": number} | row for number, row in enumerate(_PROXIES, 301)]
        self._profiles: list[Row] = []
        self._records: list[Row] = []
        self._offers = {SAMPLE_CODE: _OFFERS[0]} | {self._new_code(): name for name in _OFFERS[1:]}
        self._more_names = (f"Shop {number}" for number in itertools.count(len(_OFFERS) + 1))
        self._wrong_code = self._new_code()
        self._own_code = self._new_code()
        self._actions: dict[str, Callable[[Row], object]] = {
            "group-list": lambda body: _page(body, [{"id": key, "title": name} for key, name in self._groups.items()]),
            "group-create": self._create_group,
            "proxy-list": lambda body: _page(body, [row for row in self._proxies if row["type"] == body["type"]]),
            "traffic-package-list": lambda body: _page(body, [_PACKAGE]),
            "profile-list": self._list_profiles,
            "profile-transfer-record-list": lambda body: _page(body, self._records),
            "profile-transfer-code-import": self._import,
        }

    @property
    def fresh_codes(self) -> list[str]:
        """The codes that can be imported now; always as many."""
        return list(self._offers)

    def codes(self, t: Say) -> Sequence[tuple[str, str]]:
        """Transfer codes to try, each with a word on what it is now."""
        return [
            *((code, texts.fresh_code(t, name)) for code, name in self._offers.items()),
            (self._wrong_code, texts.wrong_code(t)),
            (self._own_code, texts.own_code(t)),
        ]

    def transport(self) -> httpx.AsyncBaseTransport:
        """What takes the place of the network between the bot and this."""
        return httpx.MockTransport(self._respond)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        if not self.running:
            raise httpx.ConnectError("connection refused")
        action = request.url.path.rpartition("/")[2]
        if action == "profile-transfer-code-import":
            await asyncio.sleep(IMPORT_TAKES)
        code, message, data = 0, "success", None
        try:
            data = self._actions[action](json.loads(request.content))
        except ActionRefused as refused:
            code, message = refused.code, str(refused)
        if not self.running:
            raise httpx.ReadError("the connection is cut")
        return httpx.Response(200, json={"error": {"code": code, "message": message}, "data": data})

    def _create_group(self, body: Row) -> int:
        if body["title"] in self._groups.values():
            raise ActionRefused(105002, "Group name already exists")
        number = max(self._groups) + 1
        self._groups[number] = body["title"]
        return number

    def _list_profiles(self, body: Row) -> Row:
        name = body.get("name", "")
        found = [row for row in self._profiles if row["profile_id"] == body.get("profile_id", row["profile_id"])]
        return _page(body, [row for row in found if name in row["name"]])

    def _import(self, body: Row) -> Row:
        code, group_id = body["transfer_code"], body.get("group_id", 1)
        if code == self._own_code:
            raise ActionRefused(110003, "Do not transfer profiles to yourself")
        if code not in self._offers:
            raise ActionRefused(110002, "The transfer code is wrong")
        name = self._offers.pop(code)
        self._offers[self._new_code()] = next(self._more_names)
        proxy_mode = body.get("proxy_config", {}).get("proxy_mode", 2)
        profile = {"profile_id": 1001 + len(self._profiles) + 1, "name": name, "group_id": group_id}
        self._profiles.append(profile | {"group_name": self._groups[group_id], "proxy_mode": proxy_mode})
        record = {"id": 9001 + len(self._records), "transfer_code": code, "name": name}
        self._records.append(record | {"receipt_time": int(time.time())})
        return {"profile_id": profile["profile_id"]}


_PACKAGE: Row = {"id": 71, "limit_flow": "1024.00", "used_flow": "120.50", "supply_name": "Supplier A"}


def _page(body: Row, rows: Iterable[Row]) -> Row:
    found, page, limit = list(rows), body["page"], body["limit"]
    return {"total": len(found), "data": found[(page - 1) * limit : page * limit]}


def random_code() -> str:
    """A transfer code that nobody has."""
    digits = f"{secrets.randbelow(10**16):016}"
    return f"{digits[:8]}-{digits[8:]}"
