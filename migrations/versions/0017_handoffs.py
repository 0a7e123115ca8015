"""Codes that people leave for one another, and the table of codes that are somebody's."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_HANDOFF = sa.text("handoff_id IS NOT NULL")
HELD = sa.text("status IN ('waiting', 'taken', 'importing')")
TAKEN = sa.text("draft_id IS NOT NULL")
PUT_OFF = sa.text("later_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("giver_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("receiver_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        # A number is never given twice: a button of a handoff that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_handoffs_receiver_id"), "handoffs", ["receiver_id"])
    op.create_index(op.f("ix_handoffs_owner_id"), "handoffs", ["owner_id", "id"])
    op.create_table(
        "handoff_codes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("handoff_id", Key, nullable=False),
        sa.Column("code_mask", sa.String(length=17), nullable=False),
        sa.Column("code_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("taker_id", sa.BigInteger(), nullable=True),
        sa.Column("draft_id", Key, nullable=True),
        sa.Column("import_id", Key, nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_codes_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_codes")),
    )
    op.create_index(op.f("ix_handoff_codes_handoff_id"), "handoff_codes", ["handoff_id"])
    for name, column, condition in (
        ("held", "handoff_id", HELD),
        ("draft_id", "draft_id", TAKEN),
    ):
        op.create_index(
            f"ix_handoff_codes_{name}", "handoff_codes", [column], sqlite_where=condition, postgresql_where=condition
        )
    op.create_table(
        "handoff_notices",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("handoff_id", Key, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("later_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("later_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_notices_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notices")),
        sa.UniqueConstraint("handoff_id", "user_id", name=op.f("uq_handoff_notices_handoff_id_user_id")),
        # A number is never given twice: a card of a notice that is gone must not tell of another.
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_handoff_notices_later_at"),
        "handoff_notices",
        ["later_at"],
        sqlite_where=PUT_OFF,
        postgresql_where=PUT_OFF,
    )
    op.create_table(
        "held_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("handoff_id", Key, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_held_codes")),
    )
    op.create_index(
        "ix_held_codes_handoff_id",
        "held_codes",
        ["handoff_id"],
        sqlite_where=OF_HANDOFF,
        postgresql_where=OF_HANDOFF,
    )
    op.execute(
        "INSERT INTO held_codes (code_hash) SELECT code_hash FROM imports "
        "WHERE code_hash IS NOT NULL AND status NOT IN ('failed', 'cancelled')"
    )
    op.create_index(op.f("ix_draft_codes_code_hash"), "draft_codes", ["code_hash"])
    op.add_column("outbox", sa.Column("handoff_id", Key, nullable=True))
    op.add_column("drafts", sa.Column("handoff_id", Key, nullable=True))
    op.add_column("imports", sa.Column("handoff_id", Key, nullable=True))
    op.add_column("imports", sa.Column("given_by", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("given_by_name", sa.Text(), nullable=True))
    op.create_index(
        "ix_imports_given_by",
        "imports",
        ["given_by", "id"],
        sqlite_where=sa.text("given_by IS NOT NULL"),
        postgresql_where=sa.text("given_by IS NOT NULL"),
    )
    op.create_index(
        "ix_imports_handed",
        "imports",
        ["user_id", "given_by", "id"],
        sqlite_where=sa.text("given_by IS NOT NULL"),
        postgresql_where=sa.text("given_by IS NOT NULL"),
    )
    op.create_index("ix_imports_last_digits", "imports", [sa.text("substr(code_mask, 14)"), "id"])


def downgrade() -> None:
    op.drop_index("ix_imports_last_digits", "imports")
    op.drop_index("ix_imports_handed", "imports")
    op.drop_index("ix_imports_given_by", "imports")
    op.drop_column("imports", "given_by_name")
    op.drop_column("imports", "given_by")
    op.drop_column("imports", "handoff_id")
    op.drop_column("drafts", "handoff_id")
    op.drop_column("outbox", "handoff_id")
    op.drop_index(op.f("ix_draft_codes_code_hash"), "draft_codes")
    op.drop_table("held_codes")
    op.drop_table("handoff_notices")
    op.drop_table("handoff_codes")
    op.drop_table("handoffs")
