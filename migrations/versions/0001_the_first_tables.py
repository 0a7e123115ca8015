"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_drafts_behind",
            ["chat_id"],
            unique=False,
            sqlite_where=sa.text("shown_revision < revision"),
            postgresql_where=sa.text("shown_revision < revision"),
        )
        batch_op.create_index(
            "uq_drafts_open",
            ["user_id", "chat_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "handled_updates",
        sa.Column(
            "update_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_handled_updates")),
    )
    with op.batch_alter_table("handled_updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_updates_handled_at"), ["handled_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_chat_id"), ["chat_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("last_choices", sa.JSON(), nullable=True),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown_revision", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("group_title", sa.Text(), nullable=True),
        sa.Column("proxy", sa.JSON(), nullable=False),
        sa.Column("bypass", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waited", sa.Boolean(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_batches_draft_id_drafts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_batches_draft_id")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_batches_behind",
            ["chat_id"],
            unique=False,
            sqlite_where=sa.text("shown_revision < revision"),
            postgresql_where=sa.text("shown_revision < revision"),
        )

    op.create_table(
        "draft_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transfer_code", sa.String(length=17), nullable=False),
        sa.Column("retry_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_codes_draft_id_drafts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_codes")),
        sa.UniqueConstraint("draft_id", "transfer_code", name=op.f("uq_draft_codes_draft_id_transfer_code")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("user_name", sa.String(length=256), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("transfer_code", sa.String(length=17), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("group_title", sa.Text(), nullable=True),
        sa.Column("proxy", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("proxy_status", sa.String(length=16), nullable=True),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retry_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=True),
        sa.Column("profile_name", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=False),
        sa.Column("waiting_for", sa.String(length=16), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("cancel_wanted", sa.Boolean(), nullable=False),
        sa.Column("without_proxy", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_imports_batch_id_batches")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_imports_draft_id_drafts")),
        sa.ForeignKeyConstraint(["retry_of"], ["imports.id"], name=op.f("fk_imports_retry_of_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imports_profile_id"), ["profile_id"], unique=False)
        batch_op.create_index(
            "ix_imports_queue",
            ["station", "status", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'sending', 'checking')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'checking')"),
        )
        batch_op.create_index(batch_op.f("ix_imports_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "ix_imports_unnamed",
            ["station", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'imported' AND profile_name = ''"),
            postgresql_where=sa.text("status = 'imported' AND profile_name = ''"),
        )
        batch_op.create_index(
            "ix_imports_unsettled",
            ["station", "id"],
            unique=False,
            sqlite_where=sa.text("proxy_status IN ('pending', 'setting', 'missing')"),
            postgresql_where=sa.text("proxy_status IN ('pending', 'setting', 'missing')"),
        )
        batch_op.create_index("ix_imports_user", ["user_id", "id"], unique=False)
        batch_op.create_index(
            "uq_imports_living",
            ["transfer_code"],
            unique=True,
            sqlite_where=sa.text("(status NOT IN ('failed', 'cancelled'))"),
            postgresql_where=sa.text("(status NOT IN ('failed', 'cancelled'))"),
        )

    op.create_table(
        "secrets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_secrets_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_secrets_draft_id_drafts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets")),
    )
    with op.batch_alter_table("secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_secrets_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_secrets_draft_id"), ["draft_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("secrets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_secrets_draft_id"))
        batch_op.drop_index(batch_op.f("ix_secrets_batch_id"))

    op.drop_table("secrets")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_imports_living",
            sqlite_where=sa.text("(status NOT IN ('failed', 'cancelled'))"),
            postgresql_where=sa.text("(status NOT IN ('failed', 'cancelled'))"),
        )
        batch_op.drop_index("ix_imports_user")
        batch_op.drop_index(
            "ix_imports_unsettled",
            sqlite_where=sa.text("proxy_status IN ('pending', 'setting', 'missing')"),
            postgresql_where=sa.text("proxy_status IN ('pending', 'setting', 'missing')"),
        )
        batch_op.drop_index(
            "ix_imports_unnamed",
            sqlite_where=sa.text("status = 'imported' AND profile_name = ''"),
            postgresql_where=sa.text("status = 'imported' AND profile_name = ''"),
        )
        batch_op.drop_index(batch_op.f("ix_imports_record_id"))
        batch_op.drop_index(
            "ix_imports_queue",
            sqlite_where=sa.text("status IN ('queued', 'sending', 'checking')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'checking')"),
        )
        batch_op.drop_index(batch_op.f("ix_imports_profile_id"))
        batch_op.drop_index(batch_op.f("ix_imports_batch_id"))

    op.drop_table("imports")
    op.drop_table("draft_codes")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_batches_behind",
            sqlite_where=sa.text("shown_revision < revision"),
            postgresql_where=sa.text("shown_revision < revision"),
        )

    op.drop_table("batches")
    op.drop_table("users")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_chat_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("handled_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_updates_handled_at"))

    op.drop_table("handled_updates")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_drafts_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_drafts_behind",
            sqlite_where=sa.text("shown_revision < revision"),
            postgresql_where=sa.text("shown_revision < revision"),
        )

    op.drop_table("drafts")
