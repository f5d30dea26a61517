"""What stands after `--` on a command line, put aside for the command that measures it."""

from __future__ import annotations

import click

_KEY = "after dashes"


class AfterDashes(click.Command):
    """A command line whose part after the first `--` is not its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts that part aside and reads the rest."""
        if "--" in args:
            cut = args.index("--")
            ctx.meta[_KEY] = tuple(args[cut + 1 :])
            args = args[:cut]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The pieces of the usage line, with that part."""
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


def after_dashes(ctx: click.Context) -> tuple[str, ...]:
    """The words after `--`; none where there is no `--`."""
    found: tuple[str, ...] = ctx.meta.get(_KEY, ())
    return found
