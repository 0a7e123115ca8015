"""Values of cards at their longest, and a card as Telegram would take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.chat import callbacks
from bot.chat.callbacks import LABEL
from bot.chat.cards import Card
from bot.chat.translator import translator, width
from bot.domain.draft import Draft
from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.proxy import (
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    TextFormat,
)
from bot.domain.remote_lists import Failed, Listing, Lists
from bot.domain.transfer_code import TransferCode
from bot.usecases.records import DraftState, Place, Shown, StoredDraft
from tests.standins.telegram_checks import keyboard, message_text, too_long

T = translator("en")
NASTY = "<b>&amp;\"'{0}%s\\ 店 🛒</b>"
PRIVATE, TEAM = Place(1001, 1001, None, "en"), Place(1001, -500, None, "en")
SHOWN = Shown(17, repost=False, revision=10**9 - 1, shown_revision=0)

CODES = tuple(TransferCode(f"{number:08}-00000000") for number in range(500))
GROUPS = [Group(1, NASTY), *(Group(number, f"{number} {'🛒' * 196}") for number in range(2, 1002))]
PROXIES = [
    ListedProxy(10**17 + number, "socks5", "h" * 253, "65535", NASTY, f"{NASTY} {'🛒' * 3000}", purchased=False)
    for number in range(30)
]
PACKAGES = [TrafficPackage(10**17 + number, NASTY * 20, "1" * 40, "2" * 40) for number in range(30)]
PROXY_LISTS: dict[Listing, Sequence[ListedProxy] | Sequence[TrafficPackage]] = {
    Listing.SAVED: PROXIES,
    Listing.STATIC: PROXIES,
    Listing.PACKAGES: PACKAGES,
}
FULL = Lists({Listing.GROUPS: GROUPS, **PROXY_LISTS})
SOME = Lists({Listing.GROUPS: GROUPS[:20], **PROXY_LISTS})
EMPTY = Lists({listing: [] for listing in Listing})
FAILED = [Lists({listing: Failed(why) for listing in Listing}) for why in ("away", "silent", "unreadable", "1016")]
#: ixBrowser is closed, and was read long ago.
OLD = [
    Lists({listing: Failed(why, FULL.rows(listing), timedelta(days=400)) for listing in Listing})
    for why in ("away", "1016")
]

HOST = ".".join(["h" * 61] * 4)
LONG = Custom(HOST, 65535, ProxyType.SOCKS5, "<" * 256, "hunter2")
#: Read in more ways than one, as long as each of its parts may be.
UNCLEAR = Custom(unclear=f"{HOST}:1080:{HOST}:1081")
DOMAINS = tuple(f"{number}{'d' * 50}.{'x' * 60}.{'y' * 60}.{'z' * 60}.example" for number in range(200))

CHOICES: Sequence[ProxyChoice] = [
    Keep(),
    Direct(),
    LONG,
    replace(LONG, user="", password=""),
    Saved(PROXIES[0].id, PROXIES[0].label),
    Static(PROXIES[0].id, PROXIES[0].label),
    Residential(PACKAGES[0].id, NASTY * 50, new_ip=True),
    Extraction(
        "https://proxies.example", ProxyType.HTTPS, TextFormat.USER_PASSWORD_AT_IP_PORT, ExtractionMethod.WHEN_INVALID
    ),
]


def stored(draft: Draft, where: Place = PRIVATE, state: DraftState = DraftState.OPEN) -> StoredDraft:
    return StoredDraft(10**18 - 1, where, SHOWN, state, draft)


def taken(card: Card) -> str:
    """The card as Telegram would show it, after everything was checked that Telegram checks."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in card.buttons]
    text = message_text({"text": card.text, "parse_mode": "HTML"})
    assert not too_long(text)
    keyboard({"reply_markup": {"inline_keyboard": rows}})
    for label, data in (button for row in card.buttons for button in row):
        assert width(label) <= LABEL
        press = callbacks.read(data)
        assert press is not None
        assert str(press) == data
    return text.text
