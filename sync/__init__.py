"""The protocol between phone and server (PROTOCOL.md). Carries bytes, envelopes and receipts; opens no payload."""
