"""Generated passwords: private, stable, and never half written."""

import json
import os
import stat
from pathlib import Path

import pytest

from db.secrets import SecretFile
from db.server_error import ServerError


def test_a_secret_is_made_once_and_stays(tmp_path: Path) -> None:
    secrets = SecretFile(tmp_path / "secrets.json")
    assert secrets.get("superuser") is None
    first = secrets.ensure("superuser")
    assert len(first) >= 40
    assert secrets.ensure("superuser") == secrets.get("superuser") == first
    assert secrets.ensure("another") != first


def test_the_file_is_private_under_any_umask(tmp_path: Path) -> None:
    secrets = SecretFile(tmp_path / "secrets.json")
    before = os.umask(0)
    try:
        secrets.put("name", "value")
    finally:
        os.umask(before)
    assert stat.S_IMODE(secrets.path.stat().st_mode) == 0o600
    assert json.loads(secrets.path.read_text(encoding="utf-8")) == {"name": "value"}


def test_a_damaged_file_is_said_and_not_overwritten(tmp_path: Path) -> None:
    secrets = SecretFile(tmp_path / "secrets.json")
    secrets.path.write_text("{ half")
    with pytest.raises(ServerError, match="密钥文件"):
        secrets.ensure("superuser")
    assert secrets.path.read_text() == "{ half"
