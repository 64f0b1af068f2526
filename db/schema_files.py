"""The SQL files of the schema, read in the order of their names."""

import hashlib
from pathlib import Path

from commandcenter.domain.joint_workflow import joint_digest
from commandcenter.domain.workflow import load_workflow

SCHEMA = Path(__file__).parent / "schema"


def read_sql(name: str) -> str:
    """The text of one file below db/schema, with % doubled for the driver."""
    return (SCHEMA / name).read_text(encoding="utf-8").replace("%", "%%")


def function_files() -> list[str]:
    """Names of the function files, in the order in which they are applied."""
    return [f"functions/{p.name}" for p in sorted((SCHEMA / "functions").glob("*.sql"))]


def schema_digest() -> str:
    """SHA-256 of everything that an upgrade re-applies: functions, policies and the workflows."""
    names = [*function_files(), "policies.sql", "roles.sql", "harden.sql", "clear.sql"]
    parts = [(SCHEMA / name).read_bytes().replace(b"\r\n", b"\n") for name in names]
    return hashlib.sha256(b"\0".join([*parts, load_workflow().digest.encode(), joint_digest().encode()])).hexdigest()
