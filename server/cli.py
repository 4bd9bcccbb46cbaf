"""Which commands `flask --app wsgi` knows, by name: a command's module is loaded when the command is called.

So the web process, which makes the same app, never loads what only a command needs (pyxform, openpyxl, alembic).
The names below are the only arrow from the app to its commands.
"""

import importlib

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "coverage": "server.commands.coverage:coverage",
    "db": "server.commands.database:db",
    "demo": "server.commands.demo:demo",
    "device": "server.commands.devices:device",
    "enrol": "server.commands.people:enrol",
    "jobs": "server.commands.jobs:jobs",
    "people": "server.commands.people:people",
    "preset": "server.commands.preset:preset",
    "roll": "server.commands.rolls:roll",
    "start": "server.commands.start:start",
}


class Commands(AppGroup):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


def register(app: Flask) -> None:
    app.cli = Commands()
