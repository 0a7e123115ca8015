"""The draft of a handoff as JSON, its codes and secrets included: it is encrypted as a whole."""

from __future__ import annotations

from bot.domain.draft import Draft, OwnChoices
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import (
    Json,
    draft_from_json,
    draft_secrets,
    draft_to_json,
    own_from_json,
    own_to_json,
    proxy_secrets,
)


def proposal_of_draft(draft: Draft) -> Json:
    return {
        "answers": draft_to_json(draft),
        "secrets": draft_secrets(draft),
        "codes": [code.text for code in draft.codes],
        "own": {code.text: _own(choices) for code, choices in draft.own.items()},
    }


def _own(choices: OwnChoices) -> Json:
    return {"choices": own_to_json(choices), "secrets": proxy_secrets(choices.proxy)}


def draft_of_proposal(data: Json) -> Draft:
    """The draft. Raises ``StorageError`` for what no version of this program has written."""
    own = {TransferCode(text): own_from_json(kept["choices"], kept["secrets"]) for text, kept in data["own"].items()}
    return draft_from_json(data["answers"], [TransferCode(text) for text in data["codes"]], own, data["secrets"])
