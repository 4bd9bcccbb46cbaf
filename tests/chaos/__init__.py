"""Proof of the promise under faults: histories, cuts, kills, restores. Judged by one checker, `history.py`."""
