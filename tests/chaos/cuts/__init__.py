"""Proof 2: every route of `/sync`, cut after every byte of its request and of its reply."""
