"""How single answers of a draft are replaced, for all that replaces them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.draft import Draft, GroupAnswer, Step, takes_bypass, without_secrets
from bot.domain.proxy import ProxyChoice, complete


def asking(draft: Draft, part: Step | None) -> Draft:
    """The draft with this question opened anew, or with none, and its lists looked at from the start."""
    return replace(draft, changing=part, page=0, search="")


def with_group(draft: Draft, group: GroupAnswer) -> Draft:
    return asking(replace(draft, group=group), None)


def with_proxy(draft: Draft, proxy: ProxyChoice) -> Draft:
    former = without_secrets(draft.proxy) if draft.changing is Step.PROXY else draft.former
    draft = asking(replace(draft, proxy=proxy, former=None if complete(proxy) else former), None)
    return draft if takes_bypass(draft) else replace(draft, bypass=())
