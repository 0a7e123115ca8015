"""What ixBrowser has, as the rest of the program sees it."""

from __future__ import annotations

from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.proxy import Saved
from bot.domain.transfer_code import TransferCode


def test_no_secret_stands_in_the_repr_of_what_is_sent() -> None:
    address = Address("socks5", "203.0.113.7", "1080", "ana", "s3cret-word")
    shown = repr(ImportRequest(TransferCode("11112222-33334444"), 7, Saved(3), address=address))
    assert "203.0.113.7" in shown
    assert "s3cret-word" not in shown
    assert "11112222-33334444" not in shown
