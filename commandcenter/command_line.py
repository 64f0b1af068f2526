"""The words of the command line. Other programs depend on them: add, never rename."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

DESCRIPTION = "网格化管理 指挥中心：派遣、吹哨、一屏观天下"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line in words, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(2, f"{self.prog}: {message}（用 --help 查看用法）\n")


def parser() -> Parser:
    """The whole grammar; `word` and `what` tell which command was given."""
    top = Parser(prog="main.py", description=DESCRIPTION)
    words = top.add_subparsers(dest="word", required=True, metavar="命令", parser_class=Parser)
    _screens(words)
    _wall(words)
    _database(words)
    _city(words)
    _records(words)
    return top


def _word(words: argparse._SubParsersAction[Parser], name: str, text: str) -> Parser:
    made = words.add_parser(name, help=text, description=text)
    made.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    made.add_argument("--database", metavar="URL", help="数据库地址；不写则用本机内置的数据库")
    return made


def _reader(word: Parser) -> None:
    word.add_argument("--reader", metavar="URL", help="报表库（流复制副本）地址；报表由它回答，它不可用时由主库回答")


def _screens(words: argparse._SubParsersAction[Parser]) -> None:
    run = _word(words, "run", "启动数据库、模拟城市并打开工作台")
    run.add_argument("--profile", metavar="P", help="部署方案，默认 dongcheng")
    run.add_argument("--screen", metavar="S", help="打开的屏幕；不写则打开上次的各个窗口")
    run.add_argument("--monitor", metavar="NAME", help="显示器的名称、序号或型号；大屏可写几台，用逗号隔开")
    run.add_argument("--user", metavar="U", help="登录名")
    run.add_argument("--unattended", action="store_true", help="大屏无人值守：出错自动重启，不响应 Esc")
    _wall_options(run)
    run.add_argument("--no-simulator", action="store_true", help="不启动模拟城市")
    run.add_argument("--no-duty", action="store_true", help="本机不参与值守任务（另有服务执行）")
    run.add_argument("--login", action="store_true", help="显示登录窗口，不自动登录示例用户")
    _reader(run)
    layout = words.add_parser("layout", help="窗口布局", description="窗口布局").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    _word(layout, "list", "列出保存的布局和本机的显示器")
    _word(layout, "save", "把上次的窗口位置存为一个布局").add_argument("name", metavar="名称")
    _word(layout, "load", "下次启动按这个布局摆放").add_argument("name", metavar="名称")
    shot = _word(words, "shot", "把一个屏幕画成 PNG，无需显示器")
    shot.add_argument("screen", metavar="SCREEN")
    shot.add_argument("file", metavar="OUT.png", type=Path)
    shot.add_argument("--size", metavar="WxH", default="1920x1080", type=_size)
    shot.add_argument("--theme", metavar="T", default="dark", choices=("dark", "light"))
    shot.add_argument("--user", metavar="U", help="登录名")


def _wall_options(word: Parser) -> None:
    word.add_argument("--name", metavar="N", help="大屏的名称，座席投屏时看到；默认为主机名")
    word.add_argument("--distance", metavar="米", type=_positive, help="大屏的观看距离，决定字的大小；默认为屏宽两倍")
    word.add_argument("--width", metavar="米", type=_positive, help="大屏的实际宽度；不写则按显示器报告的尺寸")


def _wall(words: argparse._SubParsersAction[Parser]) -> None:
    wall = words.add_parser("wall", help="大屏随机器启动", description="大屏随机器启动").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    install = _word(wall, "install", "当前用户登录桌面时自动打开大屏")
    install.add_argument("--monitor", metavar="NAME", help="显示器的名称、序号或型号；几台用逗号隔开")
    _wall_options(install)
    _word(wall, "uninstall", "取消自动打开，并删除登记的账号")
    login = _word(wall, "login", "登记大屏的账号（密码从标准输入读入），岗位只能是大屏")
    login.add_argument("login", metavar="登录名")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 320 <= int(width) <= 15360 and 240 <= int(height) <= 8640):
        raise argparse.ArgumentTypeError("尺寸写作 1920x1080")
    return int(width), int(height)


def _database(words: argparse._SubParsersAction[Parser]) -> None:
    db = words.add_parser("db", help="数据库服务器", description="数据库服务器").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    for name, text in (
        ("start", "启动"),
        ("stop", "停止"),
        ("status", "是否在运行"),
        ("url", "地址（不含密码）"),
        ("upgrade", "升级数据库结构"),
    ):
        _word(db, name, text)
    _word(db, "backup", "备份到一个文件").add_argument("file", metavar="FILE", type=Path)
    _word(db, "restore", "从备份恢复到空数据库").add_argument("file", metavar="FILE", type=Path)
    profile = words.add_parser("profile", help="部署方案", description="部署方案").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    _word(profile, "list", "列出部署方案")
    _word(profile, "load", "装载到空数据库").add_argument("name", metavar="P")
    _word(profile, "rules", "更新已装载城市的吹哨规则、队伍和网格人员").add_argument("name", metavar="P")
    _word(profile, "check", "核对公布数与装载数").add_argument("name", metavar="P")


def _city(words: argparse._SubParsersAction[Parser]) -> None:
    simulate = _word(words, "simulate", "模拟一座城市")
    simulate.add_argument("--profile", metavar="P", help="部署方案，默认 dongcheng")
    simulate.add_argument("--speed", metavar="X", type=_positive, default=1.0, help="时间快慢，1 为真实时间")
    simulate.add_argument("--minutes", metavar="M", type=_positive, help="运行多少分钟；不写则一直进行（speed 1）")
    simulate.add_argument("--history", metavar="天", type=_positive, help="先尽快补出过去这些天的历史")
    simulate.add_argument("--rate", metavar="N", type=_positive, help="每天案件数")
    simulate.add_argument("--seed", metavar="S", type=int, default=1, help="随机种子")
    simulate.add_argument("--leave", metavar="岗位", action="append", default=[], help="留给人处理的岗位或登录名")
    bench = _word(words, "bench", "测量：tests/bench 中的一项，或 all")
    bench.add_argument("name", metavar="NAME")


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} 不是正数")
    return value


def _records(words: argparse._SubParsersAction[Parser]) -> None:
    imports = words.add_parser("import", help="导入", description="导入").add_subparsers(
        dest="what", required=True, metavar="内容", parser_class=Parser
    )
    cases = _word(imports, "cases", "把一张来信来电表导入受理队列")
    cases.add_argument("file", metavar="FILE", type=Path)
    cases.add_argument("--mapping", metavar="M", help="列对应方案：内置名称或 TOML 文件")
    cases.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    cases.add_argument("--user", metavar="U", help="以哪位受理员的身份导入")
    catalogue = _word(imports, "catalogue", "导入部件与事件目录（新版本）")
    catalogue.add_argument("file", metavar="FILE", type=Path)
    catalogue.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    cameras = _word(imports, "cameras", "导入摄像机表（按编号新增或修改，有一处错误就全部不导入）")
    cameras.add_argument("file", metavar="FILE", type=Path)
    cameras.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    cameras.add_argument("--user", metavar="U", help="以哪位管理员或值班长的身份导入")
    user = words.add_parser("user", help="用户", description="用户").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    add = _word(user, "add", "添加用户")
    add.add_argument("login", metavar="登录名")
    add.add_argument("--name", required=True, metavar="姓名")
    add.add_argument("--duty", action="append", default=[], metavar="岗位@范围")
    _word(user, "list", "列出用户")
    _word(user, "disable", "停用用户").add_argument("login", metavar="登录名")
    worker = _word(user, "worker", "把网格员账号对应到网格队伍中的人员，手机才能上报位置；不写网格则解除")
    worker.add_argument("login", metavar="登录名")
    worker.add_argument("--grid", metavar="网格编号")
    worker.add_argument("--name", metavar="姓名")
    _word(user, "password", "更改密码（从标准输入读入）").add_argument("login", metavar="登录名")
    audit = words.add_parser("audit", help="留痕", description="留痕").add_subparsers(
        dest="what", required=True, metavar="动作", parser_class=Parser
    )
    verify = _word(audit, "verify", "校验全部留痕")
    _reader(verify)
    verify.add_argument(
        "--head", action="append", default=[], metavar="链末", help="以前另存、须仍在链中的链末；可重复"
    )
    _reader(_word(audit, "head", "封存链的末端"))
    duty = _word(words, "duty", "值守任务：临期、超期、催办、恢复、汇总、封存、分区")
    duty.add_argument("--once", action="store_true", help="只做一轮")
