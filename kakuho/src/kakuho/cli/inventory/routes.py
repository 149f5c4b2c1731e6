"""``kakuho inventory routes``."""
import typer


def routes(ctx: typer.Context) -> None:
    """x"""
