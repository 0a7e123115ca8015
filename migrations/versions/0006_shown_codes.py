"""Let messages of the outbox wait for a moment, and note which messages their people may have deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("draft_id", Key, nullable=True))
    op.add_column("outbox", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("refused_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE outbox SET refused_text = text, text = '' WHERE kind = 'delete_secret'")
    with op.batch_alter_table("outbox") as table:
        table.alter_column("refused_text", existing_type=sa.Text(), server_default=None)
        table.alter_column("silent", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "deletion_offers",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_offers")),
        # A number is never given twice: a button of an offer that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deletion_offers_created_at"), "deletion_offers", ["created_at"])


def downgrade() -> None:
    op.drop_table("deletion_offers")
    op.execute("UPDATE outbox SET text = refused_text WHERE kind = 'delete_secret'")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("silent")
        table.drop_column("refused_text")
        table.drop_column("due_at")
        table.drop_column("draft_id")
