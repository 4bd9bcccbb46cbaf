"""Proof 3: the service and its database killed at named places, disks that are full or fail."""
