"""Plans as data. `presets` compiles forms (pyxform), for commands and jobs only: so nothing is imported here."""
