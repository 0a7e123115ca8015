"""The team's feed: where it is, and what is told in it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("thread_id", sa.BigInteger()),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported", sa.String(length=8), nullable=False),
        sa.Column("handed_over", sa.String(length=8), nullable=False),
        sa.Column("failed", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_table(
        "feed_events",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Key, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("told_with", Key),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_events")),
        # A number is never given twice: it tells one message from another.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_events_waiting", "feed_events", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_feed_events_told_at", "feed_events", ["told_at"])
    op.create_index("ix_feed_events_subject", "feed_events", ["kind", "subject_id"])


def downgrade() -> None:
    op.drop_table("feed_events")
    op.drop_table("feed")
