"""Requests to be let in, and people who can't be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "access_requests",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("crowd_id", Key, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        # A number is never given twice: a button of a request that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_access_requests_user_id"), "access_requests", ["user_id"])
    op.create_index(op.f("ix_access_requests_crowd_id"), "access_requests", ["crowd_id"])
    op.create_index(
        "uq_access_requests_waiting",
        "access_requests",
        ["user_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "unreachable",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_unreachable")),
    )


def downgrade() -> None:
    op.drop_table("unreachable")
    op.drop_table("access_requests")
