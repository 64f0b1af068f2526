"""Why a stream does not play, as a state and words for the user: from the kind of an error, never from its text.

libav puts the whole address, with password, into its errors' texts.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

import av

from commandcenter.domain.video import FORBIDDEN, LOST, UNSUPPORTED


@dataclass(frozen=True, slots=True)
class Fault:
    """state: lost, forbidden or unsupported. words: in Chinese, without address."""

    state: str
    words: str


class StreamFailed(Exception):
    """The stream cannot be played, or not any longer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.state)
        self.fault = fault


SILENT = Fault(LOST, "摄像机没有应答，正在重连")
BROKEN_OFF = Fault(LOST, "画面中断，正在重连")
CLOSED = Fault(LOST, "摄像机断开了连接，正在重连")
DAMAGED = Fault(UNSUPPORTED, "收到的数据无法识别，请检查摄像机的码流格式")
UNREADABLE = Fault(UNSUPPORTED, "收到数据但无法解码，请检查摄像机的编码设置")
NO_VIDEO = Fault(UNSUPPORTED, "码流里没有视频，请检查摄像机的设置")
OTHER_CODEC = Fault(UNSUPPORTED, "只支持 H.264、H.265 和 MJPEG，请修改摄像机的编码")
OTHER_SCHEME = Fault(UNSUPPORTED, "不支持这种地址，请联系管理员检查摄像机的码流地址")
TOO_LARGE = Fault(UNSUPPORTED, "画面超过 8K，请降低摄像机的分辨率")

_BY_KIND: tuple[tuple[type[BaseException], Fault], ...] = (
    (av.error.HTTPUnauthorizedError, Fault(FORBIDDEN, "摄像机拒绝了用户名或密码，请联系管理员")),
    (av.error.HTTPForbiddenError, Fault(FORBIDDEN, "摄像机不允许观看，请联系管理员")),
    (av.error.HTTPNotFoundError, Fault(LOST, "摄像机上没有这路码流，请联系管理员检查地址")),
    (av.error.HTTPServerError, Fault(LOST, "摄像机或视频平台出错，正在重连")),
    (av.error.HTTPClientError, Fault(LOST, "摄像机拒绝了请求，请联系管理员检查地址")),
    (av.error.ProtocolNotFoundError, OTHER_SCHEME),
    (av.error.DemuxerNotFoundError, DAMAGED),
    (av.error.DecoderNotFoundError, OTHER_CODEC),
    (av.error.PatchWelcomeError, UNREADABLE),
    (av.error.InvalidDataError, DAMAGED),
    (ConnectionRefusedError, Fault(LOST, "摄像机没有开启服务，正在重连")),
    (ConnectionError, CLOSED),
    (FileNotFoundError, Fault(LOST, "找不到视频文件，请联系管理员检查地址")),
    (PermissionError, Fault(FORBIDDEN, "不允许读取，请联系管理员")),
    (TimeoutError, SILENT),
    (av.error.ExitError, SILENT),
    (av.error.EOFError, CLOSED),
)
_BY_NUMBER = {
    errno.EHOSTUNREACH: Fault(LOST, "网络不通，正在重连"),
    errno.ENETUNREACH: Fault(LOST, "网络不通，正在重连"),
    errno.EIO: Fault(LOST, "网络出错或摄像机名称无法解析，正在重连"),
}


def fault_of(error: BaseException) -> Fault:
    """What an error of libav or of the system means for the user; of a bug of ours only its kind is said."""
    if isinstance(error, StreamFailed):
        return error.fault
    for kind, fault in _BY_KIND:
        if isinstance(error, kind):
            return fault
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return _BY_NUMBER.get(number, Fault(LOST, "连接出错，正在重连"))
    return Fault(LOST, f"解码程序出错（{type(error).__name__}），正在重连")
