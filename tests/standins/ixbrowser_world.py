"""What the stand-in of ixBrowser holds: groups, proxies, profiles, transfer codes and records."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = dict[str, Any]

DEFAULT_GROUP = 1
NO_PROXY: Row = {"proxy_mode": 2, "proxy_type": "direct"}


class TakesExtraction(StrEnum):
    """What becomes of an extraction link that is sent with an import; the reference does not say."""

    TAKEN = "taken"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Offer:
    """A transfer code that can be used: whose it is, and the profile behind it."""

    name: str
    proxy: Row
    note: str = ""
    own_profile: int | None = None


class World:
    """The account that is logged in. Every attribute may be read and changed from outside.

    ``imports`` are the bodies of all import requests as they arrived, ``made`` the number of profiles that each code
    made. ``records`` and ``sent_records`` are oldest first; ``now`` gives seconds since 1970.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.groups: dict[int, str] = {DEFAULT_GROUP: "Default group"}
        self.proxies: dict[int, Row] = {}
        self.packages: dict[int, Row] = {}
        self.profiles: dict[int, Row] = {}
        self.records: list[Row] = []
        self.sent_records: list[Row] = []
        self.offers: dict[str, Offer] = {}
        self.imports: list[Row] = []
        self.made: Counter[str] = Counter()
        self.login_password = "open sesame"
        self.takes_extraction = TakesExtraction.TAKEN
        self.strict_bypass = True

    # --- driven from outside ----------------------------------------------------------------------------------------

    def add_group(self, title: str) -> int:
        return _put(self.groups, 2, title)

    def add_saved_proxy(
        self,
        proxy_type: str = "socks5",
        ip: str = "203.0.113.7",
        *,
        port: str = "1080",
        user: str = "",
        password: str = "",
        note: str = "",
    ) -> int:
        """A custom proxy that ixBrowser keeps (``type`` 1); its id."""
        login = {"proxy_user": user, "proxy_password": password}
        return self._add_proxy(1, {"proxy_type": proxy_type, "proxy_ip": ip, "proxy_port": port, "note": note} | login)

    def add_static_proxy(
        self, proxy_type: str = "http", ip: str = "198.51.100.9", *, port: str = "8000", note: str = ""
    ) -> int:
        """A proxy bought from ixBrowser (``type`` 2); its id."""
        return self._add_proxy(2, {"proxy_type": proxy_type, "proxy_ip": ip, "proxy_port": port, "note": note})

    def add_traffic_package(
        self, supplier: str = "Supplier A", used_mb: str = "120.50", limit_mb: str = "1024.00"
    ) -> int:
        """A package of residential traffic; its id."""
        package_id = _put(self.packages, 71, {})
        self.packages[package_id] = {
            "id": package_id,
            "limit_flow": limit_mb,
            "used_flow": used_mb,
            "supply_name": supplier,
        }
        return package_id

    def offer(self, name: str = "Shop", proxy: Row | None = None, *, note: str = "", code: str | None = None) -> str:
        """A fresh code for a profile that someone else transfers, with a ``proxy`` as in ``proxy_config`` or none."""
        code = code or self.unused_code()
        self.offers[code] = Offer(name, NO_PROXY if proxy is None else dict(proxy), note)
        return code

    def offer_own(self, name: str = "Mine") -> str:
        """A code for a profile of one's own, which can't be imported by oneself."""
        profile_id = self.add_profile(name)
        return self.offer_of(profile_id)

    def offer_of(self, profile_id: int) -> str:
        """A code for a profile that is there already; it replaces the profile's earlier one."""
        self.cancel_offers_of(profile_id)
        profile = self.profiles[profile_id]
        code = self.unused_code()
        self.offers[code] = Offer(profile["name"], NO_PROXY, profile["note"], own_profile=profile_id)
        self.sent_records.append(self.record_of(code, self.offers[code], len(self.sent_records) + 5001))
        return code

    def cancel_offers_of(self, profile_id: int) -> None:
        self.offers = {code: offer for code, offer in self.offers.items() if offer.own_profile != profile_id}

    def add_profile(self, name: str, group_id: int = DEFAULT_GROUP, proxy: Row | None = None, *, note: str = "") -> int:
        """A profile that is there already; its id."""
        profile_id = _put(self.profiles, 1001, {})
        self.profiles[profile_id] = {
            "profile_id": profile_id,
            "name": name,
            "note": note,
            "color": "#1E90FF",
            "group_id": group_id,
            "username": "shop@example.com",
            "password": "the site's own password",
            **(NO_PROXY if proxy is None else proxy),
        }
        return profile_id

    def unused_code(self) -> str:
        """A code that nothing has had: offered it is fresh, otherwise a wrong one."""
        while True:
            digits = f"{secrets.randbelow(10**16):016}"
            code = f"{digits[:8]}-{digits[8:]}"
            if code not in self.offers and code not in self.made:
                return code

    # --- for the actions --------------------------------------------------------------------------------------------

    def receive(self, code: str, group_id: int, proxy: Row | None) -> int:
        """Use a code up: the new profile's id. Without a ``proxy`` it keeps the one it was transferred with."""
        offer = self.offers.pop(code)
        profile_id = self.add_profile(offer.name, group_id, offer.proxy if proxy is None else proxy, note=offer.note)
        self.made[code] += 1
        self.publish(code, offer)
        return profile_id

    def publish(self, code: str, offer: Offer) -> None:
        """Show a transfer among the received records."""
        self.records.append(self.record_of(code, offer, len(self.records) + 9001))

    def record_of(self, code: str, offer: Offer, record_id: int) -> Row:
        """A transfer as the record list shows it. People's names are masked there."""
        return {
            "id": record_id,
            "transfer_code": code,
            "name": offer.name,
            "note": offer.note,
            "color": "#1E90FF",
            "username": "an****@example.com",
            "reception_username": "te****@example.com",
            "created_at": int(self.now()),
            "receipt_time": int(self.now()),
            "transfer_proxy": int(offer.proxy != NO_PROXY),
            "transfer_proxy_mode": 1,
            "transfer_note": int(bool(offer.note)),
        }

    def _add_proxy(self, kind: int, fields: dict[str, str]) -> int:
        row: Row = {
            "proxy_type": "",
            "proxy_ip": "",
            "proxy_port": "",
            "proxy_user": "",
            "proxy_password": "",
            "note": "",
            "type": kind,
            "tag_id": "",
            "tag_name": "",
            "country": "",
            "city": "",
            "timezone": "",
            "query": "",
            "activeWindow": 0,
        }
        proxy_id = _put(self.proxies, 301, {})
        self.proxies[proxy_id] = {"id": proxy_id} | row | fields
        return proxy_id


def _put(table: dict[int, Any], first: int, value: object) -> int:
    """Put a value under the next number of a table, whose numbers begin at ``first``."""
    number = max(table, default=first - 1)
    number = max(number + 1, first)
    table[number] = value
    return number
