"""The words on buttons, and those for states and kinds."""

from __future__ import annotations

from bot.chat.language import Html, Tongue
from bot.transfer.ports import Status
from bot.transfer.proxy import ExtractionMethod


def import_(t: Tongue) -> Html:
    return t("Import")


def new_import(t: Tongue) -> Html:
    return t("New import")


def import_count(t: Tongue, count: int) -> Html:
    return t("Import") if count == 1 else t.many("Import {count}", "Import {count}", count)


def cancel(t: Tongue) -> Html:
    return t("Cancel")


def group(t: Tongue) -> Html:
    return t("Group")


def proxy(t: Tongue) -> Html:
    return t("Proxy")


def bypass(t: Tongue) -> Html:
    return t("Bypass")


def other_proxy(t: Tongue) -> Html:
    return t("Another proxy")


def back(t: Tongue) -> Html:
    return t("Back")


def next_(t: Tongue) -> Html:
    return t("Next")


def previous(t: Tongue) -> Html:
    return t("Previous")


def default_group(t: Tongue, title: str = "") -> Html:
    """With the name that it has in ixBrowser, where that is another one."""
    name = t("Default group")
    return name if not title or title.casefold() == name.casefold() else t("{name} ({title})", name=name, title=title)


def new_group(t: Tongue) -> Html:
    return t("New group")


def all_groups(t: Tongue) -> Html:
    return t("All groups")


def try_again(t: Tongue) -> Html:
    return t("Try again")


def another(t: Tongue) -> Html:
    return t("Another import")


def same_again(t: Tongue) -> Html:
    return t("Same choices again")


def look_again(t: Tongue) -> Html:
    return t("Look again")


def go_on(t: Tongue) -> Html:
    return t("Keep waiting")


def set_proxy_again(t: Tongue) -> Html:
    return t("Set the proxy again")


def leave_proxy(t: Tongue) -> Html:
    return t("Leave it as it is")


def bypass_off(t: Tongue) -> Html:
    return t("No bypass list")


def mine(t: Tongue) -> Html:
    return t("Mine")


def everyone(t: Tongue) -> Html:
    return t("Everyone's")


def proxy_kind(t: Tongue, kind: str) -> Html:
    return {
        "keep": t("Keep"),
        "direct": t("Direct"),
        "custom": t("Custom"),
        "saved": t("Saved"),
        "static": t("Static"),
        "residential": t("Residential"),
        "extraction": t("Extraction link"),
    }[kind]


def ip_policy(t: Tongue, *, new_ip: bool) -> Html:
    return t("New IP at every opening") if new_ip else t("Keep the IP (5–60 min)")


def method(t: Tongue, method_: ExtractionMethod) -> Html:
    if method_ is ExtractionMethod.WHEN_INVALID:
        return t("When the old one stops working")
    return t("At every opening")


def status(t: Tongue, status_: Status) -> Html:
    return {
        Status.QUEUED: t("waiting"),
        Status.SENDING: t("being imported"),
        Status.CHECKING: t("being checked"),
        Status.IMPORTED: t("imported"),
        Status.FAILED: t("failed"),
        Status.CANCELLED: t("cancelled"),
        Status.UNKNOWN: t("not known"),
    }[status_]


SIGNS = {
    Status.QUEUED: "⏳",
    Status.SENDING: "⏳",
    Status.CHECKING: "🔎",
    Status.IMPORTED: "✅",
    Status.FAILED: "❌",
    Status.CANCELLED: "🚫",
    Status.UNKNOWN: "❓",
}
