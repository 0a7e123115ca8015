"""Answers as JSON, and their secrets apart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.domain.draft import Draft, GroupAnswer, LastChoices, NewGroup, last_choices, without_secrets
from bot.domain.proxy import KINDS, Custom, Extraction, Keep, ProxyChoice
from bot.errors import StorageError
from bot.storage.choices import (
    draft_from_json,
    draft_secrets,
    draft_to_json,
    group_from_json,
    group_to_json,
    holds_secrets,
    last_from_json,
    last_to_json,
    own_from_json,
    own_to_json,
    proxy_from_json,
    proxy_secrets,
    proxy_to_json,
)
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from tests.storage.strategies import MARK, drafts, groups, proxies
from tests.storage.support import ANA, CODE, CUSTOM, NOW, confirmed, draft_of, rewrite, unlocked
from tests.support.migrated import put_database


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(st.none() | groups)
def test_a_group_comes_back_as_it_was(group: GroupAnswer | None) -> None:
    assert group_from_json(through_json(group_to_json(group))) == group


@given(proxies)
def test_a_proxy_comes_back_as_it_was_with_its_secrets(proxy: ProxyChoice) -> None:
    assert proxy_from_json(through_json(proxy_to_json(proxy)), proxy_secrets(proxy)) == proxy


@given(proxies)
def test_a_proxy_comes_back_without_its_secrets_where_they_are_gone(proxy: ProxyChoice) -> None:
    assert proxy_from_json(through_json(proxy_to_json(proxy)), {}) == without_secrets(proxy)


@given(drafts)
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    own = {
        code: own_from_json(through_json(own_to_json(choices)), proxy_secrets(choices.proxy))
        for code, choices in draft.own.items()
    }
    assert draft_from_json(through_json(draft_to_json(draft)), draft.codes, own, draft_secrets(draft)) == draft


def test_a_code_without_choices_of_its_own_has_nothing_of_its_own() -> None:
    assert own_to_json(None) is None


@given(drafts)
def test_no_secret_and_no_code_is_in_the_json(draft: Draft) -> None:
    own = [own_to_json(choices) for choices in draft.own.values()]
    for kept in (draft_to_json(draft), last_to_json(LastChoices(draft.group, draft.proxy)), own):
        written = json.dumps(kept, ensure_ascii=False)
        assert MARK not in written
        assert not any(code.text in written for code in draft.codes)


@given(drafts)
def test_the_last_choices_come_back_as_they_were(draft: Draft) -> None:
    last = last_choices(draft)
    assert last_from_json(through_json(last_to_json(last))) == last


def test_last_choices_of_an_earlier_version_know_no_type() -> None:
    assert last_from_json({"group": None, "proxy": None, "bypass": []}) == LastChoices()


def test_who_has_imported_nothing_yet_has_no_last_choices() -> None:
    assert last_from_json(None) == LastChoices()


@given(st.none() | proxies)
def test_only_kinds_that_have_a_secret_field_are_looked_up_for_secrets(proxy: ProxyChoice | None) -> None:
    assert holds_secrets(proxy_to_json(proxy)) == isinstance(proxy, Custom | Extraction)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_a_secret_field_is_not_shown_by_its_choice(kind: type[ProxyChoice]) -> None:
    for field in fields(kind):
        assert field.repr != bool(field.metadata.get("secret"))


def test_what_an_older_version_has_kept_beside_a_choice_is_passed_over() -> None:
    assert proxy_from_json({"kind": "keep"}, {"password": "plum"}) == Keep()


@pytest.mark.parametrize(
    "data",
    [None, {}, {"kind": "teleport"}, {"kind": "keep", "more": 1}, {**(proxy_to_json(CUSTOM) or {}), "type": "gopher"}],
)
async def test_what_cannot_be_read_is_an_error_and_never_another_choice(
    database: Database, store: SqlStore, data: Any
) -> None:
    with pytest.raises(StorageError, match="a proxy in the database can't be read"):
        proxy_from_json(data, {})
    batch = await confirmed(store, draft_of(CODE, proxy=CUSTOM))
    await rewrite(database, batch.rows[0].id, proxy_choice=data)
    looks: Sequence[Callable[[SqlWork], object]] = [
        lambda work: work.imports.lock_queued(5, last=[], besides=[]),
        lambda work: work.log.page(user_id=None, size=5),
        lambda work: work.batches.find(batch.id),
    ]
    for look in looks:
        with pytest.raises(StorageError, match="a proxy in the database can't be read"):
            await store.write(look)


@pytest.mark.parametrize("data", [{}, {"kind": "nowhere"}, {"kind": "listed"}])
def test_a_group_that_cannot_be_read_is_an_error(data: Any) -> None:
    with pytest.raises(StorageError, match="a group in the database can't be read"):
        group_from_json(data)


def test_a_code_of_its_own_has_no_group_that_is_still_to_be_made() -> None:
    new = {"group": group_to_json(NewGroup("Shops")), "proxy": None, "bypass": None, "note": None}
    with pytest.raises(StorageError, match="a group in the database can't be read"):
        own_from_json(new, {})


@settings(max_examples=15)
@given(given_draft=drafts)
def test_a_draft_comes_back_from_the_database_as_it_was(tmp_file: Path, given_draft: Draft) -> None:
    async def there_and_back() -> None:
        database = await unlocked(f"sqlite:///{tmp_file}")

        def change(work: SqlWork) -> None:
            draft_id = work.drafts.open_new(ANA, given_draft, NOW)
            stored = work.drafts.find(draft_id)
            assert stored is not None
            assert stored.draft == given_draft

        await SqlStore(database).write(change)

        def write_it(connection: Connection) -> None:
            for table in ("secrets", "draft_codes", "drafts"):
                connection.execute(text(f"DELETE FROM {table}"))

        await database.write(write_it)
        await database.close()

    asyncio.run(there_and_back())


@pytest.fixture(scope="module")
def tmp_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("drafts") / "bot.db"
    put_database(file)
    return file
