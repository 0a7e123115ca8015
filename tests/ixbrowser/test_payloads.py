"""What is sent for each choice, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ixbrowser_objects import Address, ImportRequest
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
from bot.domain.transfer_code import TransferCode
from bot.ixbrowser.payloads import extraction_body, import_body, proxy_config, secrets_of

CODE = TransferCode("76686828-89727101")
OFF = {"enable_bypass": "0", "bypass_list": ""}
ON = {"enable_bypass": "1", "bypass_list": "*.example1.com\nwww.example2.com"}
DOMAINS = ("*.example1.com", "www.example2.com")
URL = "https://proxies.example/next?key=1"
LINK = Extraction(URL, ProxyType.HTTP, TextFormat.IP_PORT_AT_USER_PASSWORD, ExtractionMethod.EVERY_OPENING)
ADDRESS = Address("socks5", "203.0.113.7", "1080", "ana", "pw")

COMPLETE: list[tuple[ProxyChoice, dict[str, Any]]] = [
    (Direct(), {"proxy_mode": 2, "proxy_type": "direct"}),
    (
        Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "pw"),
        {
            "proxy_mode": 2,
            "proxy_type": "socks5",
            "proxy_ip": "203.0.113.7",
            "proxy_port": "1080",
            "proxy_user": "ana",
            "proxy_password": "pw",
        },
    ),
    (
        Custom("2001:db8::1", 22, ProxyType.SSH),
        {
            "proxy_mode": 2,
            "proxy_type": "ssh",
            "proxy_ip": "2001:db8::1",
            "proxy_port": "22",
            "proxy_user": "",
            "proxy_password": "",
        },
    ),
    (
        Saved(301),
        {
            "proxy_mode": 2,
            "proxy_type": "socks5",
            "proxy_ip": "203.0.113.7",
            "proxy_port": "1080",
            "proxy_user": "ana",
            "proxy_password": "pw",
        },
    ),
    (Static(302), {"proxy_mode": 3, "proxy_id": 302}),
    (
        Residential(71, new_ip=True),
        {"proxy_mode": 1, "proxy_id": 71, "gateway": "Default", "traffic_package_ip_policy": True},
    ),
    (
        Residential(71, new_ip=False),
        {"proxy_mode": 1, "proxy_id": 71, "gateway": "Default", "traffic_package_ip_policy": False},
    ),
    (
        LINK,
        {
            "proxy_mode": 4,
            "proxy_check_line": "global_line",
            "proxy_type": "http",
            "proxy_service": "general",
            "proxy_data_format_type": "txt",
            "proxy_data_txt_format": "ip:port@username:password",
            "proxy_extraction_method": "every_type",
            "proxy_url": URL,
        },
    ),
]


@pytest.mark.parametrize(("choice", "expected"), COMPLETE, ids=lambda value: getattr(value, "kind", ""))
def test_every_choice_is_sent_as_documented_with_both_bypass_fields(
    choice: ProxyChoice, expected: dict[str, Any]
) -> None:
    assert proxy_config(choice, (), ADDRESS) == expected | OFF
    assert proxy_config(choice, DOMAINS, ADDRESS) == expected | ON


def test_keep_sends_the_code_alone_whatever_the_bypass_list() -> None:
    assert import_body(ImportRequest(CODE, None, Keep(), DOMAINS)) == {"transfer_code": CODE.text}


def test_the_group_is_sent_where_one_was_chosen() -> None:
    assert import_body(ImportRequest(CODE, 7, Keep())) == {"transfer_code": CODE.text, "group_id": 7}


@pytest.mark.parametrize(
    "choice",
    [
        Custom(),
        Custom("host", 80),
        Custom("host", None, ProxyType.HTTP),
        Saved(1),
        Static(),
        Residential(71),
        Residential(new_ip=True),
        Extraction("https://proxies.example"),
    ],
)
def test_a_choice_that_still_waits_for_an_answer_is_not_sent(choice: ProxyChoice) -> None:
    with pytest.raises(ValueError, match="not complete"):
        import_body(ImportRequest(CODE, None, choice))


def test_setting_a_link_afterwards_names_the_bypass_list_only_where_there_is_one() -> None:
    info = COMPLETE[-1][1] | {"proxy_data_json_format": None}
    assert extraction_body(5, LINK, ()) == {"profile_id": 5, "proxy_info": info}
    assert extraction_body(5, LINK, DOMAINS) == {"profile_id": 5, "proxy_info": info | ON}


def test_an_address_does_not_show_its_password() -> None:
    assert "hunter2" not in repr(Address("http", "192.0.2.1", "80", "ana", "hunter2"))


def test_the_secrets_of_a_body_are_its_code_password_and_link() -> None:
    body = import_body(ImportRequest(CODE, 1, Custom("192.0.2.1", 80, ProxyType.HTTP, "ana", "hunter2")))
    assert secrets_of(body) == {CODE.text, "hunter2"}
    assert secrets_of(extraction_body(5, LINK, ())) == {URL}


@given(st.text(), st.integers(1, 65535), st.text(), st.none() | st.text(), st.lists(st.text(min_size=1)).map(tuple))
def test_whatever_was_typed_is_sent_as_it_is_in_strings(
    host: str, port: int, user: str, password: str | None, bypass: tuple[str, ...]
) -> None:
    config = proxy_config(Custom(host, port, ProxyType.HTTPS, user, password), bypass)
    assert config is not None
    assert [config[name] for name in ("proxy_ip", "proxy_port", "proxy_user", "proxy_password")] == [
        host,
        str(port),
        user,
        password or "",
    ]
    assert config["enable_bypass"] == ("1" if bypass else "0")
    assert config["bypass_list"] == "\n".join(bypass)
