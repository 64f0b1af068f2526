"""The file of generated passwords, readable by its owner only."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from fasteners import InterProcessLock

from db.server_error import ServerError


@dataclass(frozen=True)
class SecretFile:
    """Named secrets in one JSON object; written whole and atomically with mode 0600."""

    path: Path

    def get(self, name: str) -> str | None:
        """Give a secret by name, or None; raises ServerError when the file is damaged or not ours to read."""
        return self._read().get(name)

    def all(self) -> dict[str, str]:
        """Every secret by name; raises ServerError like `get`."""
        return self._read()

    def ensure(self, name: str) -> str:
        """Give the secret `name`, generating 32 random bytes for it the first time."""
        with InterProcessLock(self.path.with_suffix(".lock")):
            known = self._read()
            if name not in known:
                self._write(known | {name: secrets.token_urlsafe(32)})
            return self._read()[name]

    def put(self, name: str, value: str) -> None:
        """Store `value` under `name`, replacing what was there."""
        self.put_all({name: value})

    def put_all(self, values: dict[str, str]) -> None:
        """Store several at once, replacing what was there."""
        with InterProcessLock(self.path.with_suffix(".lock")):
            self._write(self._read() | values)

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = f"无法读取密钥文件 {self.path}：请以创建它的用户运行，或检查文件内容。"
            raise ServerError(reason) from error
        return {str(name): str(value) for name, value in content.items()}

    def _write(self, content: dict[str, str]) -> None:
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        # Created with its final mode: there is no moment at which others could open it.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
