"""Form definitions and what they mean. Pure: no Flask, no SQL, no clock, no network."""
