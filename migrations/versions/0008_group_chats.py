"""Note for cards in group chats what they reply to and which message asks for a typed answer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("reply_to", sa.BigInteger(), nullable=True))
    op.add_column("drafts", sa.Column("prompt_step", sa.String(length=16), nullable=True))
    op.add_column("drafts", sa.Column("prompt_message_id", sa.BigInteger(), nullable=True))
    op.add_column("batches", sa.Column("reply_to", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for table, columns in {"drafts": ["prompt_message_id", "prompt_step", "reply_to"], "batches": ["reply_to"]}.items():
        for column in columns:
            op.drop_column(table, column)
