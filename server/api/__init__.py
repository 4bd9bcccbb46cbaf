"""Doors for programs: the phone's `/sync` and, later, `/api`."""
