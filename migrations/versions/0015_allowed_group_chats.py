"""Group chats, and whether the bot may work there: those in which it was used before may."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    group_chats = op.create_table(
        "group_chats",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("was_allowed", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_by_name", sa.String(length=256), nullable=False),
        sa.Column("added_by_username", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_with", Key, nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_chats")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_group_chats_chat_id")),
        # A number is never given twice: a button of one that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    # Only members could begin anything there. A private chat has the id of its person, which is no negative number.
    tables = [sa.table(name, sa.column("chat_id", sa.BigInteger())) for name in ("drafts", "batches", "imports")]
    used = sa.union(*(sa.select(table.c.chat_id).where(table.c.chat_id < 0) for table in tables)).subquery()
    nothing = sa.literal("")
    allowed = sa.select(used.c.chat_id, nothing, sa.literal("allowed"), sa.false(), nothing, nothing)
    columns = ["chat_id", "title", "state", "was_allowed", "added_by_name", "added_by_username"]
    op.execute(sa.insert(group_chats).from_select(columns, allowed.order_by(used.c.chat_id)))


def downgrade() -> None:
    op.drop_table("group_chats")
