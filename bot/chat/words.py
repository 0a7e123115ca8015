"""The words on buttons, and those for states and kinds."""

from __future__ import annotations

from bot.chat.translator import Html, Translator
from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import TrafficPackage
from bot.domain.proxy import ExtractionMethod
from bot.usecases.records import Role


def role(t: Translator, role_: Role) -> Html:
    """In a sentence."""
    return {Role.VIEWER: t("viewer"), Role.MEMBER: t("member"), Role.ADMIN: t("admin")}[role_]


def role_alone(t: Translator, role_: Role) -> Html:
    """On a button, or where it stands by itself."""
    return {Role.VIEWER: t("Viewer"), Role.MEMBER: t("Member"), Role.ADMIN: t("Admin")}[role_]


def new_import(t: Translator) -> Html:
    return t("New import")


def import_count(t: Translator, count: int) -> Html:
    return t("Import") if count == 1 else t.many("Import {count}", "Import {count}", count)


def hand_over(t: Translator) -> Html:
    return t("Hand over")


def take(t: Translator) -> Html:
    return t("Take")


def cancel(t: Translator) -> Html:
    return t("Cancel")


def yes(t: Translator) -> Html:
    return t("Yes")


def no(t: Translator) -> Html:
    return t("No")


def change_group(t: Translator) -> Html:
    return t("Change group")


def change_proxy(t: Translator) -> Html:
    return t("Change proxy")


def bypass(t: Translator) -> Html:
    return t("Bypass")


def back(t: Translator) -> Html:
    return t("Back")


def next_(t: Translator) -> Html:
    return t("Next")


def previous(t: Translator) -> Html:
    return t("Previous")


def default_group(t: Translator) -> Html:
    return t("Default")


def new_group(t: Translator) -> Html:
    return t("New group")


def all_groups(t: Translator) -> Html:
    return t("All groups")


def all_of_these(t: Translator) -> Html:
    return t("All")


def try_again(t: Translator) -> Html:
    return t("Try again")


def another_code(t: Translator) -> Html:
    return t("Another code")


def show_code(t: Translator) -> Html:
    return t("Show code")


def delete_message(t: Translator) -> Html:
    return t("Delete my message")


def look_again(t: Translator) -> Html:
    return t("Check again")


def go_on(t: Translator) -> Html:
    return t("Keep waiting")


def set_proxy_again(t: Translator) -> Html:
    return t("Set the proxy again")


def leave_proxy(t: Translator) -> Html:
    return t("Leave it as it is")


def bypass_off(t: Translator) -> Html:
    return t("No bypass list")


def mine(t: Translator) -> Html:
    return t("Mine")


def everyone(t: Translator) -> Html:
    return t("Everyone's")


def find(t: Translator) -> Html:
    return t("Find")


def proxy_kind(t: Translator, kind: str) -> Html:
    return {
        "keep": t("Keep"),
        "direct": t("Direct"),
        "custom": t("Custom"),
        "saved": t("Saved"),
        "static": t("Static"),
        "residential": t("Residential"),
        "extraction": t("Extraction link"),
    }[kind]


def package(t: Translator, package_: TrafficPackage) -> Html:
    return t(
        "{supplier} · {used} of {limit} MB used",
        supplier=package_.supplier or package_.id,
        used=package_.used_mb,
        limit=package_.limit_mb,
    )


def ip_policy(t: Translator, *, new_ip: bool) -> Html:
    return t("New IP at every opening") if new_ip else t("Keep the IP (5–60 min)")


def method(t: Translator, method_: ExtractionMethod) -> Html:
    if method_ is ExtractionMethod.WHEN_INVALID:
        return t("When the old one stops working")
    return t("At every opening")


def status(t: Translator, status_: Status) -> Html:
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
