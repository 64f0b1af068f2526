"""The SQL files of the schema, read in the order of their names."""

from pathlib import Path

SCHEMA = Path(__file__).parent / "schema"


def read_sql(name: str) -> str:
    """The text of one file below db/schema, with % doubled for the driver."""
    return (SCHEMA / name).read_text(encoding="utf-8").replace("%", "%%")


def function_files() -> list[str]:
    """Names of the function files, in the order in which they are applied."""
    return [f"functions/{p.name}" for p in sorted((SCHEMA / "functions").glob("*.sql"))]
