"""Rows of ixBrowser's lists, and a draft that asks for them."""

from __future__ import annotations

from bot.domain.draft import Draft
from bot.domain.ixbrowser_objects import Group, ListedProxy
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from tests.usecases.conversation import CODE

SHOPS, ADS = Group(7, "Shops"), Group(8, "Ads")
EVAS = ListedProxy(301, "socks5", "203.0.113.7", "1080", "eva", "Eva's", purchased=False)
BOS = ListedProxy(303, "http", "203.0.113.9", "80", "", "", purchased=False)
ASKING = Draft(codes=(TransferCode(CODE),))
GROUPS = frozenset({Listing.GROUPS})
OLD = 3600.0
