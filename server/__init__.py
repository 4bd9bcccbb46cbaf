"""The service: people, registers, records, review, coverage, pages. Entry: `server.app.create_app`."""
