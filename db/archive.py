"""The backup file: one ZIP with a manifest, the roles, and PostgreSQL's own custom-format dump."""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from db.server_error import ServerError

FORMAT = 1
_MANIFEST, _ROLES, _DUMP = "manifest.json", "roles.json", "database.dump"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, for checking it before and after a restore."""

    format: int
    made_at: str
    """UTC, ISO 8601."""
    server_major: int
    tool_major: int
    """Major version of the pg_dump that wrote the dump; an older pg_restore cannot read it."""
    schema_version: str | None
    counts: Mapping[str, int]
    """Rows per table of schema `cc`, partitions one by one."""
    sha256: Mapping[str, str]
    """Digests of the two other members of the archive."""


def digest(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_archive(target: Path, facts: Mapping[str, Any], roles: Path, dump: Path) -> Manifest:
    """Pack the parts into `target`, readable by its owner only; an older file there is replaced at the end.

    `facts` are the manifest's fields except `format` and `sha256`.
    """
    sums = {_ROLES: digest(roles), _DUMP: digest(dump)}
    manifest = Manifest(format=FORMAT, sha256=sums, **facts)
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        # Stored, not deflated: the dump is compressed already.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            archive.write(roles, _ROLES)
            archive.write(dump, _DUMP)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return manifest


def read_archive(source: Path, folder: Path) -> tuple[Manifest, Path, Path]:
    """Unpack `source` into `folder`, check every digest, and give manifest, roles and dump.

    Raises ServerError when the file is missing, damaged, or of a format this program does not know.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
            roles, dump = (_unpacked(archive, name, folder) for name in (_ROLES, _DUMP))
    except FileNotFoundError as error:
        raise ServerError(f"找不到备份文件 {source}。") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise ServerError(f"{source} 不是本程序的备份文件，或已损坏。") from error
    if manifest.format != FORMAT:
        raise ServerError(f"备份文件的格式 {manifest.format} 由更新的程序写成，请用新版本恢复。")
    if manifest.sha256 != {_ROLES: digest(roles), _DUMP: digest(dump)}:
        raise ServerError(f"备份文件 {source} 的内容与校验值不符，文件已损坏或被改动，不能恢复。")
    return manifest, roles, dump


def _unpacked(archive: zipfile.ZipFile, name: str, folder: Path) -> Path:
    target = folder / name
    with archive.open(name) as member, target.open("wb") as file:
        copyfileobj(member, file)
    return target
