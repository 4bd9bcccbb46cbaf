"""The registers that an installation gives to every form, and their columns. Forms name them like CSV files.

server/registers fills them; a test holds both to the same names.
"""

REGISTER_COLUMNS: dict[str, tuple[str, ...]] = {
    "me": ("name", "label", "unit", "organisation", "rapporteur", "t2_mode"),
    "units": ("name", "label", "level", "parent", "kind", "from", "to"),
    "hamlets": ("name", "label", "unit"),
    "provisions": ("name", "label", "field", "law", "t2", "from", "to"),
    "organisations": ("name", "label", "kind", "unit"),
    "rapporteurs": ("name", "label", "unit"),
    "members": ("name", "label", "unit", "from", "to"),
    "materials": ("name", "label"),
    "facilities": ("name", "label", "unit", "from", "to"),
    "pilots": ("name", "label", "unit"),
}
