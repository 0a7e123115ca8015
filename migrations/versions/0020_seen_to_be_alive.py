"""What is known of the hub and of each station's ixBrowser, errors by their references, and what admins are told."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hub_health",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("telegram_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disk_free", sa.BigInteger(), nullable=True),
        sa.Column("disk_total", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_health")),
    )
    op.create_table(
        "station_health",
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("browser", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_station_health")),
    )
    op.create_table(
        "failures",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failures")),
    )
    op.create_index(op.f("ix_failures_at"), "failures", ["at"])
    op.create_table(
        "alerts",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("told", sa.String(length=16), nullable=False),
        sa.Column("seen", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_alerts")),
    )
    op.create_table(
        "alert_choices",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("loudness", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_alert_choices")),
    )


def downgrade() -> None:
    op.drop_table("alert_choices")
    op.drop_table("alerts")
    op.drop_index(op.f("ix_failures_at"), "failures")
    op.drop_table("failures")
    op.drop_table("station_health")
    op.drop_table("hub_health")
