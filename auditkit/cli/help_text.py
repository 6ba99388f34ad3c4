"""Help in the reader's language, the same whatever the version of Typer and however wide the terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from typer.core import TyperCommand, TyperGroup

from auditkit.cli.terminal_reader import READER
from auditkit.errors import InputError, cut, nearest
from auditkit.text import mark, translate

__all__ = ["LocalisedCommand", "LocalisedGroup"]

_WIDTH = 96


def help_text(command: Any, context: Any, language: str) -> str:
    """The help of a command: how it is called, what it does, its arguments, options and commands."""

    def say(sentence: str) -> str:
        return translate(sentence, language)

    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    words = [f"[{p.metavar}]" if not p.required else p.metavar for p in arguments]
    ending = [mark("COMMAND")] if commands else []
    usage = " ".join([context.command_path, f"[{say(mark('OPTIONS'))}]", *map(say, ending), *words])
    blocks = [f"{say(mark('Usage'))}: {usage}", "\n".join(textwrap.wrap(say(command.help), _WIDTH))]
    sections = [
        (mark("Arguments"), [(p.metavar, say(p.help or "")) for p in arguments]),
        (mark("Options"), [(_names(p), say(p.help or "")) for p in options]),
        (mark("Commands"), [(name, say(c.help or "")) for name, c in commands.items()]),
    ]
    sections[1][1].append(("--help", say(mark("Show this help and leave."))))
    blocks += [_section(say(title), entries) for title, entries in sections if entries]
    return "\n\n".join(blocks)


def _names(option: Any) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.metavar}"


def _section(title: str, entries: list[tuple[str, str]]) -> str:
    column = max(len(name) for name, _ in entries) + 4
    lines = [title + ":"]
    for name, text in entries:
        lead = "  " + name.ljust(column - 2)
        lines += textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * column) or [lead]
    return "\n".join(lines)


class LocalisedCommand(TyperCommand):
    """A command whose help is in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """The help that --help prints."""
        return help_text(self, ctx, READER.language)


class LocalisedGroup(TyperGroup):
    """A group of commands whose help is in the reader's language."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command meant by the first argument; InputError with the nearest names where there is none."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise InputError(
                "There is no command {name}; the nearest: {known}.",
                name=f'"{cut(args[0])}"',
                known=nearest(args[0], self.commands),
            )
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The help that --help prints."""
        return help_text(self, ctx, READER.language)
