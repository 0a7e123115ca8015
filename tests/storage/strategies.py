"""Every draft that there can be, with secrets that can be told from anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from bot.domain.draft import (
    DefaultGroup,
    Draft,
    ListedGroup,
    NewGroup,
    Notice,
    OwnChoices,
    Step,
    without_secrets,
)
from bot.domain.proxy import (
    KINDS,
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    TextFormat,
    complete,
)
from bot.domain.recent import Recent
from bot.domain.transfer_code import TransferCode

#: What begins every secret here.
MARK = "plum-Tarn-"

secrets = st.text(max_size=20).map(lambda text: MARK + text)
ids = st.integers(-(2**63), 2**63 - 1)
codes = st.from_regex(r"[0-9]{8}-[0-9]{8}", fullmatch=True).map(TransferCode)

_types = st.none() | st.sampled_from(ProxyType)


def _as_kept(choice: Custom) -> Custom:
    """Without a user there is no password to ask for."""
    return replace(choice, password="") if choice.host is not None and not choice.user else choice


_typed = st.builds(
    Custom,
    host=st.none() | st.text(),
    port=st.none() | st.integers(1, 65535),
    type=_types,
    user=st.text(),
    password=st.none() | st.just("") | secrets,
).map(_as_kept)
_custom = _typed | st.builds(Custom, type=_types, unclear=secrets)
_extraction = st.builds(
    Extraction,
    link=st.none() | secrets,
    type=_types,
    format=st.none() | st.sampled_from(TextFormat),
    method=st.none() | st.sampled_from(ExtractionMethod),
)
_by_kind: Mapping[type[ProxyChoice], st.SearchStrategy[Any]] = {
    Keep: st.builds(Keep),
    Direct: st.builds(Direct),
    Custom: _custom,
    Saved: st.builds(Saved, proxy_id=st.none() | ids, label=st.text()),
    Static: st.builds(Static, proxy_id=st.none() | ids, label=st.text()),
    Residential: st.builds(Residential, package_id=st.none() | ids, label=st.text(), new_ip=st.none() | st.booleans()),
    Extraction: _extraction,
}
proxies: st.SearchStrategy[ProxyChoice] = st.one_of([_by_kind[kind] for kind in KINDS.values()])

groups = (
    st.builds(DefaultGroup)
    | st.builds(ListedGroup, id=ids, title=st.none() | st.text())
    | st.builds(NewGroup, title=st.none() | st.text(), sent=st.booleans())
)

#: The choices of single codes: of a group that is there, and a proxy that is complete.
own_choices = st.builds(
    OwnChoices,
    group=st.none() | st.builds(DefaultGroup) | st.builds(ListedGroup, id=ids, title=st.none() | st.text()),
    proxy=st.none() | proxies.filter(complete),
    bypass=st.none() | st.lists(st.text(), max_size=3).map(tuple),
    note=st.none() | st.text(),
).filter(lambda own: own != OwnChoices())


def _with_own(draft: Draft) -> st.SearchStrategy[Draft]:
    """The draft with choices of their own for some of its codes."""
    if not draft.codes:
        return st.just(draft)
    own = st.dictionaries(st.sampled_from(draft.codes), own_choices, max_size=3)
    return own.map(lambda choices: replace(draft, own=choices))


_numbers = st.lists(ids, max_size=5).map(tuple)

drafts = st.builds(
    Draft,
    codes=st.lists(codes, max_size=5, unique=True).map(tuple),
    note=st.text(),
    group=st.none() | groups,
    proxy=st.none() | proxies,
    bypass=st.lists(st.text(), max_size=3).map(tuple),
    changing=st.none() | st.sampled_from(Step),
    former=st.none() | proxies.map(without_secrets),
    page=st.integers(0, 10**6),
    search=st.text(),
    last_type=st.none() | st.sampled_from(ProxyType),
    proxy_until=st.none() | st.datetimes(timezones=st.just(UTC)),
    codes_deleted=st.booleans(),
    meant=st.none() | codes,
    listed=st.booleans(),
    meanings=st.lists(
        st.builds(DefaultGroup)
        | st.builds(ListedGroup, id=ids, title=st.text())
        | st.builds(Keep)
        | st.builds(Direct)
        | st.builds(Saved, proxy_id=ids, label=st.text())
        | st.builds(Static, proxy_id=ids, label=st.text()),
        max_size=3,
    ).map(tuple),
    recent=st.builds(Recent, _numbers, _numbers, _numbers),
    notice=st.none() | st.builds(Notice, st.text(), st.dictionaries(st.text(), st.text(), max_size=3)),
).flatmap(_with_own)
