"""Members: when they were seen, how Telegram names them, and codes of people who were removed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("username", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "kept_codes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kept_for", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_codes")),
        # A number is never given twice: a button of a list that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_codes_created_at"), "kept_codes", ["created_at"])
    op.create_table(
        "kept_code_imports",
        sa.Column("kept_id", Key, nullable=False),
        sa.Column("import_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["kept_codes.id"], name=op.f("fk_kept_code_imports_kept_id_kept_codes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_kept_code_imports_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kept_id", "import_id", name=op.f("pk_kept_code_imports")),
    )
    op.create_index(op.f("ix_kept_code_imports_import_id"), "kept_code_imports", ["import_id"])
    op.add_column("outbox", sa.Column("kept_id", Key, nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "kept_id")
    op.drop_table("kept_code_imports")
    op.drop_table("kept_codes")
    op.drop_column("users", "last_seen_at")
    op.drop_column("users", "username")
