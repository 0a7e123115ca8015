"""Group chats: what a card replies to, what is asked and by which message, links into private, who was warned."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CONTINUES = sa.text("continues IS NOT NULL")


def upgrade() -> None:
    op.add_column("drafts", sa.Column("reply_to", sa.BigInteger(), nullable=True))
    op.add_column("drafts", sa.Column("prompt_step", sa.String(length=16), nullable=True))
    op.add_column("drafts", sa.Column("prompt_message_id", sa.BigInteger(), nullable=True))
    op.add_column("drafts", sa.Column("continues", Key, nullable=True))
    op.create_index(
        op.f("ix_drafts_continues"), "drafts", ["continues"], sqlite_where=CONTINUES, postgresql_where=CONTINUES
    )
    op.add_column("batches", sa.Column("reply_to", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("reply_to", sa.BigInteger(), nullable=True))
    op.create_table(
        "private_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_private_links")),
    )
    op.create_index(op.f("ix_private_links_expires_at"), "private_links", ["expires_at"])
    op.create_table(
        "code_warnings",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "chat_id", name=op.f("pk_code_warnings")),
    )


def downgrade() -> None:
    op.drop_table("code_warnings")
    op.drop_table("private_links")
    op.drop_index(op.f("ix_drafts_continues"), "drafts")
    for table, columns in {
        "drafts": ["continues", "prompt_message_id", "prompt_step", "reply_to"],
        "batches": ["reply_to"],
        "outbox": ["reply_to"],
    }.items():
        for column in columns:
            op.drop_column(table, column)
