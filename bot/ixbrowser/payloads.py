"""The bodies of requests: pure functions from what was chosen to what the Local API documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, assert_never

from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.proxy import Custom, Direct, Extraction, Keep, ProxyChoice, Residential, Saved, Static

RESIDENTIAL_MODE = 1
CUSTOM_MODE = 2
STATIC_MODE = 3
EXTRACTION_MODE = 4

#: What the official client sends where it is not told otherwise; the reference of the import does not name these.
DEFAULT_GATEWAY = "Default"
DEFAULT_CHECK_LINE = "global_line"

_SECRET_FIELDS = frozenset({"transfer_code", "proxy_password", "proxy_url"})

Body = dict[str, Any]
T = TypeVar("T")


def import_body(request: ImportRequest) -> Body:
    """The body of ``profile-transfer-code-import``.

    Without a ``group_id`` the profile goes to the default group; without a ``proxy_config`` it keeps the proxy that it
    was transferred with.
    """
    body: Body = {"transfer_code": request.code.text}
    if request.group_id is not None:
        body["group_id"] = request.group_id
    config = proxy_config(request.proxy, request.bypass, request.address)
    if config is not None:
        body["proxy_config"] = config
    return body


def proxy_config(choice: ProxyChoice, bypass: Sequence[str], saved: Address | None = None) -> Body | None:
    """The import's ``proxy_config``, None where the profile keeps its own proxy.

    ValueError if the choice still waits for an answer.
    """
    config: Body
    match choice:
        case Keep():
            return None
        case Direct():
            config = {"proxy_mode": CUSTOM_MODE, "proxy_type": "direct"}
        case Custom():
            config = {"proxy_mode": CUSTOM_MODE} | _address_fields(_typed_address(choice))
        case Saved():
            config = {"proxy_mode": CUSTOM_MODE} | _address_fields(_answered(saved))
        case Static():
            config = {"proxy_mode": STATIC_MODE, "proxy_id": _answered(choice.proxy_id)}
        case Residential():
            config = {
                "proxy_mode": RESIDENTIAL_MODE,
                "proxy_id": _answered(choice.package_id),
                "gateway": DEFAULT_GATEWAY,
                "traffic_package_ip_policy": _answered(choice.new_ip),
            }
        case Extraction():
            config = _extraction_fields(choice)
        case _:
            assert_never(choice)
    return config | _bypass_fields(bypass)


def extraction_body(profile_id: int, choice: Extraction, bypass: Sequence[str]) -> Body:
    """The body of ``profile-update-proxy-for-api-extraction``.

    The reference of that call does not name the bypass fields: they are sent only where there are domains to send.
    """
    info = _extraction_fields(choice) | {"proxy_data_json_format": None}
    if bypass:
        info |= _bypass_fields(bypass)
    return {"profile_id": profile_id, "proxy_info": info}


def secrets_of(body: Body) -> frozenset[str]:
    """Every secret in a request's body; an answer that repeats one must not carry it into a message."""
    found = {value for key, value in body.items() if key in _SECRET_FIELDS and isinstance(value, str) and value}
    for value in body.values():
        if isinstance(value, dict):
            found |= secrets_of(value)
    return frozenset(found)


def _typed_address(choice: Custom) -> Address:
    return Address(
        type=_answered(choice.type).value,
        ip=_answered(choice.host),
        port=str(_answered(choice.port)),
        user=choice.user,
        password=choice.password or "",
    )


def _address_fields(address: Address) -> Body:
    return {
        "proxy_type": address.type,
        "proxy_ip": address.ip,
        "proxy_port": address.port,
        "proxy_user": address.user,
        "proxy_password": address.password,
    }


def _extraction_fields(choice: Extraction) -> Body:
    return {
        "proxy_mode": EXTRACTION_MODE,
        "proxy_check_line": DEFAULT_CHECK_LINE,
        "proxy_type": _answered(choice.type).value,
        "proxy_service": "general",
        "proxy_data_format_type": "txt",
        "proxy_data_txt_format": _answered(choice.format).value,
        "proxy_extraction_method": _answered(choice.method).value,
        "proxy_url": _answered(choice.link),
    }


def _bypass_fields(domains: Sequence[str]) -> Body:
    return {"enable_bypass": "1" if domains else "0", "bypass_list": "\n".join(domains)}


def _answered(value: T | None) -> T:
    if value is None:
        raise ValueError("a proxy choice that is not complete can't be sent")
    return value
