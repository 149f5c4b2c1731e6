"""`python -m petinsurance.population --scale 0.01 --seed 1 --url postgresql://…`: loads and prints seconds by stage."""

import resource
import sys
import time
from typing import Annotated

import typer

from petinsurance.population import PopulationError, load


def main(
    url: Annotated[str, typer.Option(envvar="DATABASE_URL", help="the database, as the owner of its tables")],
    scale: Annotated[float, typer.Option(help="1 is the real case's size: 143,000 policyholders")] = 0.01,
    seed: Annotated[int, typer.Option(help="the same seed gives the same rows")] = 1,
) -> None:
    """Load a synthetic population into petinsurance's empty tables."""
    since = time.perf_counter()
    try:
        summary = load(url, scale=scale, seed=seed, progress=lambda stage, took: typer.echo(f"{took:8.2f} s  {stage}"))
    except PopulationError as error:
        typer.echo(f"petinsurance.population: {error}", err=True)
        sys.exit(1)
    for name, count in summary.rows.items():
        typer.echo(f"{count:10,}  {name}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    typer.echo(f"{sum(summary.rows.values()):,} rows in {time.perf_counter() - since:.1f} s, peak {peak:,.0f} MiB")


if __name__ == "__main__":
    typer.run(main)
