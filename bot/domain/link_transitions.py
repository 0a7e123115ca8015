"""What events make of the extraction link of an imported profile, which is looked up, and set where it is missing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.import_events import ProxyGivenUp, ProxyIntended, ProxyMissing, ProxyRetried, ProxySet
from bot.domain.import_state import LINK_OPEN, ImportState, ProxyStatus


def intend_link(state: ImportState, _: ProxyIntended) -> ImportState:
    return replace(state, proxy_status=ProxyStatus.SETTING) if state.proxy_status in LINK_OPEN else state


def set_link(state: ImportState, _: ProxySet) -> ImportState:
    return replace(state, proxy_status=ProxyStatus.SET) if state.proxy_status in LINK_OPEN else state


def miss_link(state: ImportState, event: ProxyMissing) -> ImportState:
    if state.proxy_status not in LINK_OPEN:
        return state
    if event.error_code is not None:
        state = replace(state, error_code=event.error_code, error_message=event.error_message)
    return replace(state, proxy_status=ProxyStatus.MISSING)


def retry_link(state: ImportState, _: ProxyRetried) -> ImportState:
    can_be_set = state.proxy_status is ProxyStatus.MISSING and state.profile_id is not None
    return replace(state, proxy_status=ProxyStatus.PENDING) if can_be_set else state


def give_up_link(state: ImportState, _: ProxyGivenUp) -> ImportState:
    return replace(state, proxy_status=ProxyStatus.GIVEN_UP) if state.proxy_status is ProxyStatus.MISSING else state
