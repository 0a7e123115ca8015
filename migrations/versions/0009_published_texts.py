"""Note what Telegram has of the texts that it shows of the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_texts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_published_texts")),
    )


def downgrade() -> None:
    op.drop_table("published_texts")
