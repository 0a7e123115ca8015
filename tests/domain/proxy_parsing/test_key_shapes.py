"""Keys are told by their look, without a word that says so."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.finder import find_labelled_passwords


@pytest.mark.parametrize(
    "text",
    [
        f"1234567890:AA{'Bc3dE' * 7}",
        f"token of the bot 1234567890:AA{'Bc3dE' * 7}",
        f"ghp_{'aB3' * 12}",
        f"sk-proj-{'aB3' * 8}",
        f"AKIA{'AB3D' * 4}",
        "xoxb-1234567890-abcdefghij",
        f"EAAG{'aB3' * 14}",
        f"shpat_{'a1b2' * 8}",
        f"SG.{'aB3' * 7}.{'aB3' * 14}",
        "AB12C-9DE3F-4GH5J-K6L7M",
        *("KVKF CRLB OJ2G 4Y3T", "2FA: kvkf crlb oj2g 4y3t nz2x", "KVKF-CRLB-OJ2G-4Y3T"),
        "Windows key AB12C-9DE3F-4GH5J-K6L7M-N8P9Q",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmVkaGVyZQ",
        "Proxy-Authorization: Basic Ym9iOlB3MXNlY3JldA==",
        "basic Ym9iOlB3MXNlY3JldA==",
        "Authorization: Bearer abcdefgh",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAAABBBBB\n-----END OPENSSH PRIVATE KEY-----",
    ],
)
def test_a_key_is_seen(text: str) -> None:
    assert find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        *("basic plan", "Basic subscription", "basic information12", "sk-learn", "SK-12345", "Authorization required"),
        *("-----BEGIN PUBLIC KEY-----\nAAAA", "1234567890:12", "key-value"),
        *(
            "this team will meet",
            "BLUE SIZE TEAM FOUR",
            "SHOP-2026-BLUE-0012",
            "ABCD-EFGH-IJKL-MNOP",
            "1234-5678-9012-3456",
            "/bot12:30",
            "SKU AB12-CD34-0001-0002",
        ),
    ],
)
def test_what_only_begins_like_a_key_is_none(text: str) -> None:
    assert not find_labelled_passwords(text)
