"""Proof 4: a real Chromium among kills, windows, taps, full disks, new and broken releases, portals, wrong clocks."""
