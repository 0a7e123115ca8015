"""Note in which message each code stood, so that a change of the message can be read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KNOWN = sa.text("message_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("draft_codes", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_imports_message", "imports", ["chat_id", "message_id"], sqlite_where=KNOWN, postgresql_where=KNOWN
    )


def downgrade() -> None:
    op.drop_index("ix_imports_message", table_name="imports")
    with op.batch_alter_table("imports") as table:
        table.drop_column("message_id")
    with op.batch_alter_table("draft_codes") as table:
        table.drop_column("message_id")
