"""Whose turn it is, until when a station asks for nothing, and who has sent many wrong codes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
READY = "status = 'queued' AND held IS {false}"
WRONG_CODE = sa.text("status = 'failed' AND error_code IN (110001, 110002, 110003)")


def upgrade() -> None:
    false = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    ready = sa.text(READY.format(false=false))
    op.create_index(
        "ix_imports_ready", "imports", ["station", "user_id", "id"], sqlite_where=ready, postgresql_where=ready
    )
    op.create_index(
        "ix_imports_wrong_code",
        "imports",
        ["user_id", "finished_at"],
        sqlite_where=WRONG_CODE,
        postgresql_where=WRONG_CODE,
    )
    op.create_table(
        "queue_turns",
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station", "user_id", name=op.f("pk_queue_turns")),
    )
    op.create_table(
        "daily_limits",
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_daily_limits")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
        # A number is never given twice: a card of a row that is gone must not tell of another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wrong_codes_user_id"), "wrong_codes", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("wrong_codes")
    op.drop_table("daily_limits")
    op.drop_table("queue_turns")
    op.drop_index("ix_imports_wrong_code", "imports")
    op.drop_index("ix_imports_ready", "imports")
