"""Whole conversations with the real process, one for every proxy choice: what was said, sent and logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import Office, Phone, asked
from tests.end_to_end.process import PATIENCE
from tests.standins.ixbrowser_world import TakesExtraction

pytestmark = pytest.mark.asyncio(loop_scope="module")

Steps = Sequence[tuple[str, str]]

CONFIRM = "Import this profile?"
BYPASS_OFF = {"enable_bypass": "0", "bypass_list": ""}
LINK = "https://proxies.example/next?key=not-for-logs"
EXTRACTION = {
    "proxy_mode": 4,
    "proxy_check_line": "global_line",
    "proxy_type": "https",
    "proxy_service": "general",
    "proxy_data_format_type": "txt",
    "proxy_data_txt_format": "username:password@ip:port",
    "proxy_extraction_method": "every_type",
    "proxy_url": LINK,
}
ASK_LINK: Steps = [
    ("[Extraction link]", asked(Step.LINK)),
    (LINK, asked(Step.LINK_TYPE)),
    ("[https]", "In which format does the link give proxies?"),
    ("[username:password@ip:port]", asked(Step.METHOD)),
    ("[At every opening]", CONFIRM),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def custom(proxy_type: str, host: str, port: str, user: str = "", password: str = "") -> dict[str, Any]:
    return {
        "proxy_mode": 2,
        "proxy_type": proxy_type,
        "proxy_ip": host,
        "proxy_port": port,
        "proxy_user": user,
        "proxy_password": password,
        **BYPASS_OFF,
    }


@pytest.fixture(scope="module")
def things(busy_office: Office) -> dict[str, int]:
    """What ixBrowser has to choose from, by name."""
    browser = busy_office.browser
    return {
        "group": browser.add_group("Shops EU"),
        "saved": browser.add_saved_proxy(
            "ssh", "203.0.113.9", port="22", user="eva", password="quince-Fell-88", note="Eva's"
        ),
        "static": browser.add_static_proxy("http", "198.51.100.9", port="8000", note="Frankfurt"),
        "package": browser.add_traffic_package("Supplier A"),
    }


async def at_the_proxy(office: Office) -> tuple[Phone, str]:
    """Somebody who has sent a code and chosen a group, and the code."""
    phone = await office.newcomer()
    code = office.browser.offer("Shop Berlin")
    await phone.walk((f"for you: {code} 👍", asked(Step.GROUP)), ("[Shops EU]", asked(Step.PROXY)))
    return phone, code


async def imported(office: Office, phone: Phone, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Confirm; the one request that arrived, and the row that was logged, both of them checked where they agree."""
    result = await phone.tap("Import", until="Shop Berlin")
    assert "Imported" in result.text
    [request] = [body for body in office.browser.imports if body["transfer_code"] == code]
    row = office.row(code)
    assert (row["status"], row["error_code"], row["attempts"]) == ("imported", None, 1)
    assert (row["user_id"], row["user_name"], row["chat_id"]) == (phone.person.id, "Mai", phone.chat.id)
    assert office.browser.profiles[row["profile_id"]]["name"] == row["profile_name"] == "Shop Berlin"
    assert row["created_at"] <= row["sent_at"] <= row["finished_at"]
    assert str(row["profile_id"]) in result.text
    return request, row


CHOICES: list[tuple[str, Steps, dict[str, Any] | None, str]] = [
    ("keep", [("[Keep]", CONFIRM)], None, "keep"),
    ("direct", [("[Direct]", CONFIRM)], {"proxy_mode": 2, "proxy_type": "direct", **BYPASS_OFF}, "direct"),
    (
        "custom, all in one text",
        [("[Custom]", asked(Step.CUSTOM)), ("socks5://ana:fig-Beck%4077@203.0.113.7:1080", CONFIRM)],
        custom("socks5", "203.0.113.7", "1080", "ana", "fig-Beck@77"),
        "socks5 203.0.113.7:1080 as ana",
    ),
    (
        "custom, typed without asking, its type asked for",
        [("203.0.113.7:8080", asked(Step.CUSTOM_TYPE)), ("[http]", CONFIRM)],
        custom("http", "203.0.113.7", "8080"),
        "http 203.0.113.7:8080",
    ),
    (
        "custom, over IPv6 and ssh",
        [("[Custom]", asked(Step.CUSTOM)), ("ssh://root:plum-Tarn-41@[2001:db8::1]:22", CONFIRM)],
        custom("ssh", "2001:db8::1", "22", "root", "plum-Tarn-41"),
        "ssh [2001:db8::1]:22 as root",
    ),
    (
        "custom, with domains that bypass it",
        [
            ("[Custom]", asked(Step.CUSTOM)),
            ("https://203.0.113.7:443", CONFIRM),
            ("[Bypass]", asked(Step.BYPASS)),
            ("*.example1.com\nwww.example2.com", "Bypass: *.example1.com"),
        ],
        custom("https", "203.0.113.7", "443")
        | {"enable_bypass": "1", "bypass_list": "*.example1.com\nwww.example2.com"},
        "https 203.0.113.7:443",
    ),
    (
        "saved",
        [("[Saved]", asked(Step.SAVED)), ("[ssh 203.0.113.9:22 · Eva's]", CONFIRM)],
        custom("ssh", "203.0.113.9", "22", "eva", "quince-Fell-88"),
        "saved: ssh 203.0.113.9:22 · Eva's",
    ),
]


@pytest.mark.parametrize(("steps", "config", "summary"), [c[1:] for c in CHOICES], ids=[c[0] for c in CHOICES])
async def test_the_proxy_that_was_chosen_is_sent_and_logged(
    busy_office: Office, things: dict[str, int], steps: Steps, config: dict[str, Any] | None, summary: str
) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.walk(*steps)

    request, row = await imported(busy_office, phone, code)

    wanted: dict[str, Any] = {"transfer_code": code, "group_id": things["group"]}
    assert request == (wanted if config is None else wanted | {"proxy_config": config})
    assert (row["proxy"], row["group_id"], row["group_title"]) == (summary, things["group"], "Shops EU")
    assert busy_office.rows("secrets") == []


async def test_a_static_proxy_goes_by_its_number(busy_office: Office, things: dict[str, int]) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.walk(("[Static]", asked(Step.STATIC)), ("[http 198.51.100.9:8000 · Frankfurt]", CONFIRM))

    request, row = await imported(busy_office, phone, code)

    assert request["proxy_config"] == {"proxy_mode": 3, "proxy_id": things["static"], **BYPASS_OFF}
    assert row["proxy"] == "static: http 198.51.100.9:8000 · Frankfurt"


@pytest.mark.parametrize(
    ("label", "new_ip", "summary"),
    [("Keep the IP", False, ", IP kept"), ("New IP", True, ", new IP at every opening")],
)
async def test_a_residential_proxy_goes_with_its_ip_policy(
    busy_office: Office, things: dict[str, int], label: str, new_ip: bool, summary: str
) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.walk(
        ("[Residential]", asked(Step.RESIDENTIAL)), ("[Supplier A]", asked(Step.IP_POLICY)), (f"[{label}]", CONFIRM)
    )

    request, row = await imported(busy_office, phone, code)

    wanted = {"proxy_mode": 1, "proxy_id": things["package"], "gateway": "Default"}
    assert request["proxy_config"] == {**wanted, "traffic_package_ip_policy": new_ip, **BYPASS_OFF}
    assert row["proxy"].startswith("residential: Supplier A")
    assert row["proxy"].endswith(summary)


@pytest.mark.usefixtures("things")
async def test_an_extraction_link_that_the_import_takes_is_not_set_again(busy_office: Office) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.walk(*ASK_LINK)
    before = len(busy_office.browser.requests)

    request, _ = await imported(busy_office, phone, code)
    await phone.telegram.settled(lambda: busy_office.row(code)["proxy_status"] == "set", PATIENCE)

    assert request["proxy_config"] == EXTRACTION | BYPASS_OFF
    assert not [body for action, body in busy_office.browser.requests[before:] if "extraction" in action]
    assert [message.deleted for message in phone.chat.messages if message.text == LINK] == [True]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("takes", [TakesExtraction.IGNORED, TakesExtraction.REFUSED])
async def test_an_extraction_link_that_the_import_does_not_take_is_set_afterwards(
    busy_office: Office, takes: TakesExtraction
) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.walk(*ASK_LINK)
    busy_office.browser.takes_extraction = takes

    await phone.tap("Import", until="Imported")
    await phone.telegram.settled(lambda: "Setting the proxy" not in phone.chat.card.text, PATIENCE)
    busy_office.browser.takes_extraction = TakesExtraction.TAKEN

    row = busy_office.row(code)
    assert row["proxy_status"] == "set"
    assert busy_office.browser.profiles[row["profile_id"]]["proxy_url"] == LINK
    assert "missing" not in phone.chat.card.text
    assert busy_office.browser.made[code] == 1
    assert row["proxy"] == "extraction: https, username:password@ip:port, every_type"
    assert busy_office.rows("secrets") == []


@pytest.mark.usefixtures("things")
async def test_the_default_group_is_sent_as_no_group_at_all(busy_office: Office) -> None:
    phone = await busy_office.newcomer()
    code = busy_office.browser.offer("Shop Berlin")
    card = await phone.say(code, until=asked(Step.GROUP))
    # ixBrowser's own list may hold a group of this name, too.
    [button] = [button for button in card.all_buttons if str(button.callback_data).endswith(":default")]
    assert button.text == "Default"
    phone.telegram.press(phone.person, card, button)
    await phone.sees(asked(Step.PROXY))
    await phone.tap("Keep", until=CONFIRM)

    request, row = await imported(busy_office, phone, code)

    assert request == {"transfer_code": code}
    assert row["group_id"] is None


@pytest.mark.usefixtures("things")
async def test_a_group_made_from_the_chat_is_there_and_is_sent(busy_office: Office) -> None:
    phone = await busy_office.newcomer()
    code = busy_office.browser.offer("Shop Berlin")
    title = "店铺 <b>&</b> 🛒"
    await phone.walk(
        (code, asked(Step.GROUP)),
        ("[➕ New group]", asked(Step.GROUP_TITLE)),
        (title, asked(Step.PROXY)),
        ("[Keep]", CONFIRM),
    )

    request, row = await imported(busy_office, phone, code)

    assert busy_office.browser.groups[request["group_id"]] == title == row["group_title"]


@pytest.mark.usefixtures("things")
async def test_who_has_imported_before_needs_a_code_and_a_tap(busy_office: Office) -> None:
    phone, code = await at_the_proxy(busy_office)
    await phone.tap("Direct", until=CONFIRM)
    first, _ = await imported(busy_office, phone, code)

    second_code = busy_office.browser.offer("Shop Berlin")
    await phone.say(second_code, until=CONFIRM)
    second, _ = await imported(busy_office, phone, second_code)

    assert second == first | {"transfer_code": second_code}


@pytest.mark.usefixtures("things")
async def test_several_codes_go_together_and_each_has_its_own_row_and_result(busy_office: Office) -> None:
    phone = await busy_office.newcomer()
    good = [busy_office.browser.offer(f"Shop {number}") for number in (1, 2)]
    wrong = busy_office.browser.unused_code()
    await phone.walk(
        (f"{good[0]}\n{wrong}", asked(Step.GROUP)),
        ("[Shops EU]", asked(Step.PROXY)),
        (f"and {good[1]}", asked(Step.PROXY)),
        ("[Keep]", "Import these 3 profiles?"),
        ("[Import 3]", "2 of 3 imported"),
    )

    assert [busy_office.row(code)["status"] for code in (*good, wrong)] == ["imported", "imported", "failed"]
    assert busy_office.row(wrong)["error_code"] == 110002
    assert len({busy_office.row(code)["batch_id"] for code in (*good, wrong)}) == 1
