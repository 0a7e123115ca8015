"""What is said of a proxy, with its password hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.chat.translator import Html, Translator, cut
from bot.domain.proxy import Custom, Direct, Extraction, ExtractionMethod, Keep, ProxyChoice, Residential, Saved, Static

#: Characters of a proxy's name that are shown.
LONGEST_NAME = 200


def proxy_line(t: Translator, proxy: ProxyChoice) -> Html:
    return t("Proxy: {proxy}", proxy=chosen(t, proxy))


def proxy_begun(t: Translator, proxy: ProxyChoice | None) -> Html | None:
    """A proxy that was sent and leaves something open, which is asked later; None where none was sent."""
    match proxy:
        case Custom(host=str()):
            return t("Proxy: {proxy} (I'll ask for the rest later)", proxy=reading(t, proxy))
        case Custom(unclear=str()) | Extraction(link=str()):
            return t("Proxy: received (I'll ask for the rest later)")
        case _:
            return None


def chosen(t: Translator, proxy: ProxyChoice) -> Html:  # noqa: PLR0911 - one sentence a kind
    match proxy:
        case Keep():
            return t("the profile's own (Keep)")
        case Direct():
            return t("none (Direct)")
        case Custom():
            return reading(t, proxy)
        case Saved(label=label):
            return t("{label} (saved)", label=_name(label))
        case Static(label=label):
            return t("{label} (static)", label=_name(label))
        case Residential(label=label, new_ip=new_ip):
            return _residential(t, _name(label), new_ip=bool(new_ip))
        case Extraction():
            return _extraction(t, proxy)
        case _:
            assert_never(proxy)


def _residential(t: Translator, label: str, *, new_ip: bool) -> Html:
    if new_ip:
        return t("{label} (residential, a new IP at every opening)", label=label)
    return t("{label} (residential, the IP stays for 5–60 minutes)", label=label)


def _name(label: str) -> str:
    """A proxy's name; until the list has told it there is none."""
    return cut(label, LONGEST_NAME) or "…"


def reading(t: Translator, proxy: Custom) -> Html:
    """A custom proxy with its password hidden."""
    host = f"[{proxy.host}]" if ":" in (proxy.host or "") else proxy.host
    address = t("{type} {host}:{port}", type=proxy.type or "", host=host, port=proxy.port)
    if not proxy.user:
        return Html(address.strip())
    if proxy.password is None:
        return t("{address} as {user}", address=Html(address.strip()), user=proxy.user)
    return t("{address} as {user}, password ••••", address=Html(address.strip()), user=proxy.user)


def way(t: Translator, proxy: Custom) -> Html:
    """One of several ways to read a text. What it takes for login and password is not shown: it may be the other."""
    address = reading(t, replace(proxy, user="", password=""))
    if not proxy.user and not proxy.password:
        return t("{address}, no login", address=address)
    login, password = len(proxy.user), len(proxy.password or "")
    if proxy.password is None:
        return t("{address}, login {login}, no password", address=address, login=t.number(login))
    return t.many(
        "{address}, login {login}, password {count} character",
        "{address}, login {login}, password {count} characters",
        password,
        address=address,
        login=t.number(login),
    )


def _extraction(t: Translator, proxy: Extraction) -> Html:
    how = t.items(answer for answer in (proxy.type, proxy.format) if answer is not None)
    match proxy.method:
        case ExtractionMethod.WHEN_INVALID:
            return t("from a link ({how}), a new one when the old one stops working", how=how)
        case ExtractionMethod.EVERY_OPENING:
            return t("from a link ({how}), a new one at every opening", how=how)
        case _:
            return t("from a link ({how})", how=how)
