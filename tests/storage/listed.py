"""Rows of ixBrowser's lists, and how a station reads them in a test."""

from __future__ import annotations

from bot.domain.draft import Draft
from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing, Row
from bot.domain.transfer_code import TransferCode
from bot.usecases.ports import UnitOfWork
from bot.usecases.remote_lists import publish, request_anew, requested
from bot.usecases.station_lists import StationList
from tests.storage.arranged import Arranged
from tests.storage.support import CODE

GROUPS, EVERY = frozenset({Listing.GROUPS}), frozenset(Listing)
SHOPS, ADS = Group(7, "店铺 <b> & Co 🛒"), Group(8, "Ads")
SAVED = ListedProxy(301, "socks5", "203.0.113.7", "1080", "eva", "Eva's", purchased=False)
STATIC = ListedProxy(302, "http", "198.51.100.9", "8000", "", "", purchased=True)
PACKAGE = TrafficPackage(71, "Supplier A", "1", "2")
ASKING = Draft(codes=(TransferCode(CODE),))


async def read(arranged: Arranged, listing: Listing, *some: Row) -> None:
    """The list was requested, and has been read."""
    await arranged.run(request_anew, frozenset({listing}))
    [request] = [each for each in await arranged.run(requested) if each.listing is listing]
    await arranged.run(publish, request, some)


async def found(arranged: Arranged, listing: Listing = Listing.GROUPS) -> StationList:
    def find(work: UnitOfWork) -> StationList:
        return work.lists.find(frozenset({listing}))[listing]

    return await arranged.run(find)
