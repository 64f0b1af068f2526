"""The keys of the screens of whistles and orders."""

from __future__ import annotations

from collections.abc import Collection

from widgets.key_help import KeyGroup


def joint_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """The same for every role: what may not be done says so."""
    return (
        KeyGroup("看板", (("← ↑ → ↓", "选卡片"), ("Enter", "打开"), ("菜单键", "本卡可办的事项"),
                         ("/  Ctrl+F", "筛选"), ("Esc", "关闭、清除筛选"), ("F5", "重新载入"))),
        KeyGroup("办理", (("1 … 9", "所开事项的办理"), ("F2", "下一步"), ("F4", "放大、还原"),
                         ("Ctrl+Enter", "提交表单"), ("Ctrl+Shift+B", "拟哨、拟令"))),
        KeyGroup("列表", (("Ctrl+1", "待我办理"), ("Ctrl+2", "已归档"), ("Ctrl+3", "本月通报"),
                         ("菜单键", "本条通报可去之处"), ("Esc", "回到待我办理"))),
        KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+Shift+N", "再开一个窗口"),
                         ("Ctrl+Shift+R", "回放到所开事项发出时"), ("Ctrl+T", "切换明暗主题"))),
    )
