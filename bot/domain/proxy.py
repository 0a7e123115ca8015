"""The proxy that an imported profile shall have: a sum type, one frozen dataclass a kind.

A choice grows while its person answers: a field that is None is an answer still to come. Fields marked ``secret`` are
never shown, logged or stored beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, assert_never


class ProxyType(StrEnum):
    """How one speaks to a proxy; the Local API's ``proxy_type`` without ``direct``."""

    HTTP = "http"
    HTTPS = "https"
    SOCKS5 = "socks5"
    SSH = "ssh"


class TextFormat(StrEnum):
    """How an extraction link writes a proxy as text; the Local API's ``proxy_data_txt_format``."""

    IP_PORT = "ip:port"
    IP_PORT_USER_PASSWORD = "ip:port:username:password"  # noqa: S105 - the name of a format
    USER_PASSWORD_AT_IP_PORT = "username:password@ip:port"  # noqa: S105 - the name of a format
    IP_PORT_AT_USER_PASSWORD = "ip:port@username:password"  # noqa: S105 - the name of a format
    USER_PASSWORD_IP_PORT = "username:password:ip:port"  # noqa: S105 - the name of a format


class ExtractionMethod(StrEnum):
    """When ixBrowser takes a new proxy from the link; the Local API's ``proxy_extraction_method``."""

    WHEN_INVALID = "invalid"
    EVERY_OPENING = "every_type"


def secret() -> Any:
    """A dataclass field that is unanswered at first, and never printed."""
    return field(default=None, repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True)
class Keep:
    """The proxy that the profile was transferred with: no ``proxy_config`` is sent."""

    kind: ClassVar[str] = "keep"


@dataclass(frozen=True, slots=True)
class Direct:
    """No proxy."""

    kind: ClassVar[str] = "direct"


@dataclass(frozen=True, slots=True)
class Custom:
    """A proxy that was typed.

    ``host`` is a name or an address (IPv6 without brackets). An empty ``user`` means that none is needed; ``password``
    is None while it is to be asked for. ``unclear`` holds a text that can be read in more than one way, until its
    person has said which.
    """

    kind: ClassVar[str] = "custom"
    host: str | None = None
    port: int | None = None
    type: ProxyType | None = None
    user: str = ""
    password: str | None = secret()
    unclear: str | None = secret()


@dataclass(frozen=True, slots=True)
class Saved:
    """A custom proxy that ixBrowser keeps. Its address is looked up when the import is sent."""

    kind: ClassVar[str] = "saved"
    proxy_id: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Static:
    """A purchased static proxy, by its id in ixBrowser's list."""

    kind: ClassVar[str] = "static"
    proxy_id: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Residential:
    """A purchased traffic package of residential proxies, and whether each opening takes a new IP."""

    kind: ClassVar[str] = "residential"
    package_id: int | None = None
    label: str = ""
    new_ip: bool | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """A link from which ixBrowser takes a proxy, and how it is to read what the link gives."""

    kind: ClassVar[str] = "extraction"
    link: str | None = secret()
    type: ProxyType | None = None
    format: TextFormat | None = None
    method: ExtractionMethod | None = None


ProxyChoice = Keep | Direct | Custom | Saved | Static | Residential | Extraction

KINDS: dict[str, type[ProxyChoice]] = {
    choice.kind: choice for choice in (Keep, Direct, Custom, Saved, Static, Residential, Extraction)
}
#: Kinds that ask for a secret, which is asked for in private only.
SECRET_KINDS = frozenset(
    kind for kind, choice in KINDS.items() if any(f.metadata.get("secret") for f in fields(choice))
)


def summary(choice: ProxyChoice) -> str:
    """What the import log keeps of a choice, in one line and with no secret: ``socks5 203.0.113.7:1080 as ana``.

    Answers that are still to come are left out.
    """
    match choice:
        case Keep() | Direct():
            return choice.kind
        case Custom():
            return _custom_summary(choice)
        case Saved() | Static():
            return f"{choice.kind}: {choice.label}"
        case Residential():
            policy = {None: "", True: ", new IP at every opening", False: ", IP kept"}[choice.new_ip]
            return f"{choice.kind}: {choice.label}{policy}"
        case Extraction():
            answers = [answer.value for answer in (choice.type, choice.format, choice.method) if answer is not None]
            return f"{choice.kind}: {', '.join(answers)}"
        case _:
            assert_never(choice)


def _custom_summary(choice: Custom) -> str:
    if choice.host is None:
        return choice.kind
    host = f"[{choice.host}]" if ":" in choice.host else choice.host
    address = host if choice.port is None else f"{host}:{choice.port}"
    words = [choice.type.value] if choice.type else []
    words.append(address)
    if choice.user:
        words.append(f"as {choice.user}")
    return " ".join(words)


def complete(choice: ProxyChoice | None) -> bool:
    """Whether every answer that this kind of proxy needs is there."""
    match choice:
        case None:
            return False
        case Keep() | Direct():
            return True
        case Custom(host=host, port=port, type=type_, password=password, unclear=unclear):
            return None not in (host, port, type_, password) and unclear is None
        case Saved(proxy_id=proxy_id) | Static(proxy_id=proxy_id):
            return proxy_id is not None
        case Residential(package_id=package_id, new_ip=new_ip):
            return None not in (package_id, new_ip)
        case Extraction(link=link, type=type_, format=format_, method=method):
            return None not in (link, type_, format_, method)
        case _:
            assert_never(choice)
