"""Tokens that were offered and not used yet, how far a device's counter is, ways to find held records and uploads."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_record_device", "record", ["device_id", "device_seq"]),
    ("ix_record_held", "record", ["held_reason", "status"]),
    ("ix_media_device", "media", ["device_id", "created_at", "size_bytes"]),
)
OFFERED = """
INSERT INTO device_token (device_id, token_hash, offered_at)
SELECT id, next_token_hash, token_issued_at FROM device WHERE next_token_hash IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "device_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_token_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_token_hash")),
    )
    op.create_index(op.f("ix_device_token_device_id"), "device_token", ["device_id"])
    # What was offered before and not used stays good.
    op.execute(OFFERED)
    op.execute("UPDATE device SET next_token_hash = NULL")
    op.add_column("device", sa.Column("seen_elsewhere", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("device", sa.Column("counter_back_at", sa.DateTime(), nullable=True))
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    op.drop_column("device", "counter_back_at")
    op.drop_column("device", "seen_elsewhere")
    op.drop_table("device_token")
