"""Give each code its own choices, encrypt codes and secrets, and let one of several open drafts take what is typed."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Rows that are read and written at a time.
PIECE = 1_000
LIVING = "status NOT IN ('failed', 'cancelled')"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=True),
        sa.Column("plain_text_left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    _add_columns()
    _fill_columns()
    _drop_columns()


def _add_columns() -> None:
    with op.batch_alter_table("drafts") as table:
        table.add_column(sa.Column("takes_text", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_index("uq_drafts_open")
    with op.batch_alter_table("draft_codes") as table:
        table.add_column(sa.Column("code_hash", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("code_encrypted", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("own", sa.JSON(), nullable=True))
    with op.batch_alter_table("imports") as table:
        table.drop_index("uq_imports_living")
        table.add_column(sa.Column("code_mask", sa.String(17), nullable=True))
        table.add_column(sa.Column("code_hash", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("code_encrypted", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("key_lost", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("proxy_choice", sa.JSON(), nullable=True))
        table.add_column(sa.Column("bypass", sa.JSON(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.alter_column("transfer_code", existing_type=sa.String(17), nullable=True)
    op.rename_table("secrets", "plain_secrets")
    for column in ("draft_id", "batch_id"):
        op.drop_index(op.f(f"ix_secrets_{column}"), "plain_secrets")
    if op.get_bind().dialect.name == "postgresql":
        # The names of a table's constraints stay when it is renamed, and belong to the new one.
        op.execute("ALTER TABLE plain_secrets RENAME CONSTRAINT pk_secrets TO pk_plain_secrets")
        op.execute("ALTER TABLE plain_secrets RENAME CONSTRAINT fk_secrets_draft_id_drafts TO fk_plain_secrets_draft")
        op.execute("ALTER SEQUENCE secrets_id_seq RENAME TO plain_secrets_id_seq")
    op.create_table(
        "secrets",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("draft_id", Key, nullable=True),
        sa.Column("draft_code_id", Key, nullable=True),
        sa.Column("import_id", Key, nullable=True),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        _owner("draft_id", "drafts"),
        _owner("draft_code_id", "draft_codes"),
        _owner("import_id", "imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets")),
    )
    for column in ("draft_id", "draft_code_id", "import_id"):
        op.create_index(op.f(f"ix_secrets_{column}"), "secrets", [column])


def _owner(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_secrets_{column}_{table}"), ondelete="CASCADE"
    )


def _fill_columns() -> None:
    connection = op.get_bind()
    cipher = op.get_context().config.attributes["cipher"]  # type: ignore[union-attr]
    connection.execute(sa.text("UPDATE drafts SET takes_text = :yes WHERE state = 'open'"), {"yes": True})
    imports = _table("imports", "id", "status", "transfer_code", "code_mask", "code_hash", "code_encrypted",
                     "proxy_choice", "bypass", "batch_id", "proxy_status")  # fmt: skip
    batches = _table("batches", "id", "proxy", "bypass")
    read = sa.select(imports.c.id, imports.c.status, imports.c.transfer_code, batches.c.proxy, batches.c.bypass).join(
        batches, batches.c.id == imports.c.batch_id
    )
    for rows in _in_pieces(connection, read, imports.c.id):
        connection.execute(
            sa.update(imports)
            .where(imports.c.id == sa.bindparam("of"))
            .values({name: sa.bindparam(f"new_{name}") for name in
                     ("code_mask", "code_hash", "code_encrypted", "transfer_code", "proxy_choice", "bypass")}),
            [_import_values(row, cipher) for row in rows],
        )  # fmt: skip
    codes = _table("draft_codes", "id", "transfer_code", "code_hash", "code_encrypted")
    for rows in _in_pieces(connection, sa.select(codes.c.id, codes.c.transfer_code), codes.c.id):
        connection.execute(
            sa.update(codes)
            .where(codes.c.id == sa.bindparam("of"))
            .values(code_hash=sa.bindparam("new_hash"), code_encrypted=sa.bindparam("new_encrypted")),
            [
                {
                    "of": row.id,
                    "new_hash": cipher.code_hash(_Code(row.transfer_code)),
                    "new_encrypted": cipher.encrypt(row.transfer_code),
                }
                for row in rows
            ],
        )
    _encrypt_secrets(connection, cipher, imports)
    # Without a draft there has never been a code or a secret, not even one that was deleted.
    was_used = connection.execute(sa.text("SELECT id FROM drafts LIMIT 1")).first() is not None
    connection.execute(
        sa.text("INSERT INTO installation (id, key_check, plain_text_left) VALUES (1, :key_check, :plain_text_left)"),
        {"key_check": cipher.check, "plain_text_left": was_used},
    )


class _Code:
    """What the cipher takes for a code."""

    def __init__(self, text: str) -> None:
        self.text = text


def _import_values(row: Any, cipher: Any) -> dict[str, Any]:
    code = row.transfer_code
    spent = row.status == "imported"
    # A downgrade has left the mask where the code was not kept any more.
    known = code != _mask(code)
    return {
        "of": row.id,
        "new_code_mask": _mask(code),
        "new_code_hash": cipher.code_hash(_Code(code)) if known else None,
        "new_code_encrypted": cipher.encrypt(code) if known and not spent else None,
        "new_transfer_code": code if spent else None,
        "new_proxy_choice": row.proxy,
        "new_bypass": row.bypass,
    }


def _mask(code: str) -> str:
    return f"{code[:4]}••••-••••{code[-4:]}"


def _encrypt_secrets(connection: sa.Connection, cipher: Any, imports: sa.TableClause) -> None:
    """What belonged to a batch belongs to each of its imports that may still need it."""
    old = _table("plain_secrets", "id", "draft_id", "batch_id", "name", "value")
    new = _table("secrets", "draft_id", "import_id", "name", "value")
    needed = sa.or_(
        imports.c.status.in_(["queued", "sending", "checking"]),
        imports.c.proxy_status.in_(["pending", "setting", "missing"]),
    )
    of_draft = sa.select(old.c.draft_id, sa.null().label("import_id"), old.c.name, old.c.value)
    of_imports = sa.select(sa.null(), imports.c.id, old.c.name, old.c.value).join(
        imports, sa.and_(imports.c.batch_id == old.c.batch_id, needed)
    )
    for found in (of_draft.where(old.c.draft_id.is_not(None)), of_imports):
        values = [
            {"draft_id": draft_id, "import_id": import_id, "name": name, "value": cipher.encrypt(value)}
            for draft_id, import_id, name, value in connection.execute(found)
        ]
        if values:
            connection.execute(sa.insert(new), values)


def _drop_columns() -> None:
    op.drop_table("plain_secrets")
    with op.batch_alter_table("drafts") as table:
        table.alter_column("takes_text", existing_type=sa.Boolean(), server_default=None)
    op.create_index(
        "ix_drafts_open",
        "drafts",
        ["user_id", "chat_id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_drafts_takes_text",
        "drafts",
        ["user_id", "chat_id", sa.text("coalesce(thread_id, 0)")],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND takes_text = 1"),
        postgresql_where=sa.text("state = 'open' AND takes_text"),
    )
    with op.batch_alter_table("draft_codes") as table:
        table.drop_constraint("uq_draft_codes_draft_id_transfer_code", type_="unique")
        table.drop_column("transfer_code")
        table.alter_column("code_hash", existing_type=sa.LargeBinary(), nullable=False)
        table.alter_column("code_encrypted", existing_type=sa.LargeBinary(), nullable=False)
        table.create_unique_constraint("uq_draft_codes_draft_id_code_hash", ["draft_id", "code_hash"])
    with op.batch_alter_table("imports") as table:
        table.alter_column("code_mask", existing_type=sa.String(17), nullable=False)
        table.alter_column("key_lost", existing_type=sa.Boolean(), server_default=None)
        table.alter_column("proxy_choice", existing_type=sa.JSON(), nullable=False)
        table.alter_column("bypass", existing_type=sa.JSON(), nullable=False)
        table.alter_column("note", existing_type=sa.Text(), server_default=None)
    op.create_index(
        "uq_imports_living",
        "imports",
        ["code_hash"],
        unique=True,
        sqlite_where=sa.text(f"({LIVING})"),
        postgresql_where=sa.text(f"({LIVING})"),
    )
    op.create_index(
        "ix_imports_kept",
        "imports",
        ["finished_at"],
        sqlite_where=sa.text("code_encrypted IS NOT NULL"),
        postgresql_where=sa.text("code_encrypted IS NOT NULL"),
    )
    op.create_index(
        "ix_imports_key_lost",
        "imports",
        ["code_mask"],
        sqlite_where=sa.text("key_lost IS 1"),
        postgresql_where=sa.text("key_lost IS true"),
    )
    with op.batch_alter_table("batches") as table:
        for column in ("group_id", "group_title", "proxy", "bypass"):
            table.drop_column(column)


def _table(name: str, *columns: str) -> sa.TableClause:
    json = {"proxy", "proxy_choice", "bypass"}
    binary = {"code_hash", "code_encrypted"}
    if name == "secrets":
        binary.add("value")
    return sa.table(
        name,
        *[
            sa.column(column, sa.JSON() if column in json else sa.LargeBinary() if column in binary else None)
            for column in columns
        ],
    )


def _in_pieces(connection: sa.Connection, read: Any, key: sa.ColumnElement[int]) -> Iterator[list[Any]]:
    """The rows in the order of their keys, some at a time, so that a large log need not fit into memory."""
    last = -1
    while rows := connection.execute(read.where(key > last).order_by(key).limit(PIECE)).all():
        yield list(rows)
        last = rows[-1].id


def downgrade() -> None:
    """Back to plain text. A code that is not kept any more leaves its mask; a batch has its first import's choices."""
    _add_old_columns()
    _fill_old_columns()
    _drop_new_columns()


def _add_old_columns() -> None:
    with op.batch_alter_table("batches") as table:
        table.add_column(sa.Column("group_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("group_title", sa.Text(), nullable=True))
        table.add_column(sa.Column("proxy", sa.JSON(), nullable=True))
        table.add_column(sa.Column("bypass", sa.JSON(), nullable=True))
    with op.batch_alter_table("draft_codes") as table:
        table.drop_constraint("uq_draft_codes_draft_id_code_hash", type_="unique")
        table.add_column(sa.Column("transfer_code", sa.String(17), nullable=True))
    with op.batch_alter_table("imports") as table:
        table.drop_index("uq_imports_living")
        table.drop_index("ix_imports_kept")
        table.drop_index("ix_imports_key_lost")
    with op.batch_alter_table("secrets") as table:
        table.add_column(sa.Column("batch_id", Key, nullable=True))
        table.add_column(sa.Column("plain", sa.Text(), nullable=True))


def _fill_old_columns() -> None:
    connection = op.get_bind()
    cipher = op.get_context().config.attributes["cipher"]  # type: ignore[union-attr]
    imports = _table("imports", "id", "batch_id", "transfer_code", "code_mask", "code_encrypted", "group_id",
                     "group_title", "proxy_choice", "bypass")  # fmt: skip
    batches = _table("batches", "id", "group_id", "group_title", "proxy", "bypass")
    codes = _table("draft_codes", "id", "transfer_code", "code_encrypted")
    proxies: dict[int, Any] = {}
    for rows in _in_pieces(connection, sa.select(imports), imports.c.id):
        values = [
            {"of": row.id, "new_code": cipher.decrypt(row.code_encrypted) if row.code_encrypted else row.code_mask}
            for row in rows
            if row.transfer_code is None
        ]
        if values:
            changed = sa.update(imports).where(imports.c.id == sa.bindparam("of"))
            connection.execute(changed.values(transfer_code=sa.bindparam("new_code")), values)
        first = {row.batch_id: row for row in reversed(rows) if row.batch_id not in proxies}
        proxies |= {batch_id: row.proxy_choice for batch_id, row in first.items()}
        if first:
            connection.execute(
                sa.update(batches)
                .where(batches.c.id == sa.bindparam("of"))
                .values({name: sa.bindparam(f"new_{name}") for name in ("group_id", "group_title", "proxy", "bypass")}),
                [
                    {
                        "of": row.batch_id,
                        "new_group_id": row.group_id,
                        "new_group_title": row.group_title,
                        "new_proxy": row.proxy_choice,
                        "new_bypass": row.bypass,
                    }
                    for row in first.values()
                ],
            )
    for rows in _in_pieces(connection, sa.select(codes), codes.c.id):
        connection.execute(
            sa.update(codes).where(codes.c.id == sa.bindparam("of")).values(transfer_code=sa.bindparam("new_code")),
            [{"of": row.id, "new_code": cipher.decrypt(row.code_encrypted)} for row in rows],
        )
    _forget_older_drafts(connection)
    _decrypt_secrets(connection, cipher, proxies)


def _forget_older_drafts(connection: sa.Connection) -> None:
    """Of several that are open in one chat the newest stays."""
    drafts = _table("drafts", "id", "user_id", "chat_id", "state", "revision")
    codes = _table("draft_codes", "id", "draft_id")
    secrets = _table("secrets", "draft_id", "draft_code_id")
    is_open = drafts.c.state == "open"
    newest = sa.select(sa.func.max(drafts.c.id)).where(is_open).group_by(drafts.c.user_id, drafts.c.chat_id)
    older = list(connection.scalars(sa.select(drafts.c.id).where(is_open, drafts.c.id.not_in(newest))))
    of_older = sa.select(codes.c.id).where(codes.c.draft_id.in_(older))
    # Foreign keys are off while SQLite migrates.
    connection.execute(
        sa.delete(secrets).where(sa.or_(secrets.c.draft_id.in_(older), secrets.c.draft_code_id.in_(of_older)))
    )
    connection.execute(sa.delete(codes).where(codes.c.draft_id.in_(older)))
    ended = sa.update(drafts).where(drafts.c.id.in_(older))
    connection.execute(ended.values(state="cancelled", revision=drafts.c.revision + 1))


def _decrypt_secrets(connection: sa.Connection, cipher: Any, proxies: dict[int, Any]) -> None:
    """A batch has the secrets of an import that has the batch's proxy; ``proxies`` are those by the batches' ids."""
    imports = _table("imports", "id", "batch_id", "proxy_choice")
    secrets = _table("secrets", "id", "draft_id", "import_id", "batch_id", "name", "value", "plain")
    of_imports = sa.select(imports).where(imports.c.id.in_(sa.select(secrets.c.import_id)))
    batch_of = {
        row.id: row.batch_id for row in connection.execute(of_imports) if row.proxy_choice == proxies[row.batch_id]
    }
    seen: set[tuple[int, str]] = set()
    for row in connection.execute(sa.select(secrets).order_by(secrets.c.id)).all():
        batch_id = batch_of.get(row.import_id)
        if row.draft_id is None and (batch_id is None or (batch_id, row.name) in seen):
            connection.execute(sa.delete(secrets).where(secrets.c.id == row.id))
            continue
        if batch_id is not None:
            seen.add((batch_id, row.name))
        changed = sa.update(secrets).where(secrets.c.id == row.id)
        connection.execute(changed.values(batch_id=batch_id, plain=cipher.decrypt(row.value)))


def _drop_new_columns() -> None:
    with op.batch_alter_table("secrets") as table:
        table.drop_index(op.f("ix_secrets_draft_code_id"))
        table.drop_index(op.f("ix_secrets_import_id"))
        table.drop_constraint(op.f("fk_secrets_draft_code_id_draft_codes"), type_="foreignkey")
        table.drop_constraint(op.f("fk_secrets_import_id_imports"), type_="foreignkey")
        for column in ("draft_code_id", "import_id", "value"):
            table.drop_column(column)
        table.alter_column("plain", new_column_name="value", existing_type=sa.Text(), nullable=False)
        table.create_foreign_key(
            op.f("fk_secrets_batch_id_batches"), "batches", ["batch_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index(op.f("ix_secrets_batch_id"), ["batch_id"])
    with op.batch_alter_table("draft_codes") as table:
        for column in ("code_hash", "code_encrypted", "own"):
            table.drop_column(column)
        table.alter_column("transfer_code", existing_type=sa.String(17), nullable=False)
        table.create_unique_constraint("uq_draft_codes_draft_id_transfer_code", ["draft_id", "transfer_code"])
    with op.batch_alter_table("imports") as table:
        for column in ("code_mask", "code_hash", "code_encrypted", "key_lost", "proxy_choice", "bypass", "note"):
            table.drop_column(column)
        table.alter_column("transfer_code", existing_type=sa.String(17), nullable=False)
    op.create_index(
        "uq_imports_living",
        "imports",
        ["transfer_code"],
        unique=True,
        sqlite_where=sa.text(f"({LIVING})"),
        postgresql_where=sa.text(f"({LIVING})"),
    )
    op.drop_index("uq_drafts_takes_text", "drafts")
    op.drop_index("ix_drafts_open", "drafts")
    with op.batch_alter_table("drafts") as table:
        table.drop_column("takes_text")
    op.create_index(
        "uq_drafts_open",
        "drafts",
        ["user_id", "chat_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("batches") as table:
        table.alter_column("proxy", existing_type=sa.JSON(), nullable=False)
        table.alter_column("bypass", existing_type=sa.JSON(), nullable=False)
    op.drop_table("installation")
