"""What is said of backups."""

from __future__ import annotations

from bot.chat.texts import storage_reason
from bot.chat.translator import Html, Translator


def failed(t: Translator, reason: str) -> Html:
    why = storage_reason(t, reason)
    if why is None:
        return t("⚠️ I can't back up the database. The bot's log says why. I try again every hour.")
    return t("⚠️ I can't back up the database: {why}. I try again every hour.", why=why)


def works_again(t: Translator) -> Html:
    return t("✅ The database is backed up again.")
