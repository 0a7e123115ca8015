"""What ``/cancel`` says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.translator import Html, Translator


def nothing(t: Translator) -> Html:
    return t("There is nothing to cancel.")


def which(t: Translator) -> Html:
    return t("<b>What do you want to cancel?</b>")


def draft(t: Translator, masks: Sequence[str]) -> Html:
    return t("Not confirmed: {codes}", codes=_codes(masks)) if masks else t("The import without a code yet")


def batch(t: Translator, masks: Sequence[str]) -> Html:
    return t("Waiting: {codes}", codes=_codes(masks))


def nothing_of_it(t: Translator) -> Html:
    return t("Keep everything")


def cancelled(t: Translator) -> Html:
    return t("Cancelled. What was already sent to ixBrowser can't be stopped.")


def kept(t: Translator) -> Html:
    return t("Nothing was cancelled.")


def _codes(masks: Sequence[str]) -> Html:
    """The first code, and how many more there are."""
    return Html(masks[0] if len(masks) == 1 else f"{masks[0]} + {len(masks) - 1}")
