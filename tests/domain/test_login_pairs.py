"""A name and a password side by side, with nothing that says so."""

from __future__ import annotations

import pytest

from bot.domain.login_pairs import holds_pair


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ana:Pw1secret",
            "ana / Pw1secret",
            "bob77:Kot5551",
            "89161112233:avito_Ok7",
            "here is bob_7:Kot555, thanks",
            "bob_7\nPw1secretX",
        ),
        *("ana\nPw1secretX", "ana@mail.example:Kot5551", "ana@mail.example / Kot5551", "mail ana@mail.example;Kot5551"),
        *("fb: ana.lee / Anchor.88", "ftp: shopftp / Anchor_88", "ana@mail.example----Kot5551----bob@mail.example"),
        *("ana@mail.example Pw1secret", "ana@mail.example - Pw1secret"),
        *("100077|Pw1secret|ABCDEFGH234567JK", "100077|fb_1|ABCDEFGH234567JK"),
    ],
)
def test_a_pair_is_seen(text: str) -> None:
    assert holds_pair(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "name:Anna",
            "name:Shop2024",
            "Team:Shop12",
            "US1:Shop2024",
            "team1:Shop12",
            "Acc_141:Acc_142",
        ),
        *(
            "10:30",
            "v3.4.0:beta",
            "76686828-89727101",
            "Etsy_US\nB08N5WRWNW",
            "Shop_12\nWinter2024",
            "ana\nbob",
            "89161112233:10",
        ),
        *("ana@mail.example, bob@mail.example", "ana@mail.example;bob@mail.example", "ana@mail.example:8080"),
        *("ana@mail.example +79261234567", "ana@mail.example | Shop 12", "ana@mail.example: 2FA is on"),
        *("rows: fb-ads-14 / fb-ads-15", "name: Anna / Shop_12", "sizes: xs / xl", "laptop: i5-12400F / 16GB"),
        *("git@host.example:team1/repo2.git", "ana@mail.example Anna 28.11.2026"),
        *("a|b|c", "TikTok|US|warm14", "XL|2024|B08N5WRWNW", "Shop;B08N5WRWNW;12,99", "#one|two|2026"),
    ],
)
def test_names_and_numbers_are_none(text: str) -> None:
    assert not holds_pair(text)
