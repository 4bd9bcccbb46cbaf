"""The single checks of an XLSForm's sheets; forms/sheet_check.py asks them all."""
