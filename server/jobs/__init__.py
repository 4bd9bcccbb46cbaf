"""The one worker beside the web process: everything by the clock, and everything heavy (D21)."""
