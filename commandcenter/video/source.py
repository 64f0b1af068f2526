"""Where a stream comes from, as libav is to be told: scheme, options, time limits, and what is not let through.

A playlist or a redirect must not lead the decoder to files of this computer: each kind of address allows only its own
protocols, formats are a list, and codecs are the three that cameras speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

from commandcenter.domain.video import StreamAddress
from commandcenter.video.faults import OTHER_SCHEME, StreamFailed

CODECS = ("h264", "hevc", "mjpeg")
FORMATS = (
    "rtsp,rtp,sdp,hls,applehttp,flv,live_flv,mpjpeg,mjpeg,mpegts,mpeg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,h264,"
    "hevc,aac,mp3"
)
OPEN_S = 3.0  # for the answer, and again for the first data
READ_S = 1.5  # libav hands out what it still has when it fires first, and gives up when it fires again
READ_HLS_S = 8.0  # a segment may come every 6 s
RTSP, HTTP, HLS, FILE = "rtsp", "http", "hls", "file"
_PROTOCOLS = {
    RTSP: "rtsp,rtsps,rtp,srtp,udp,tcp,tls",
    HTTP: "http,https,tcp,tls",
    HLS: "http,https,tcp,tls,crypto,data",
}
_SCHEMES = {"rtsp": RTSP, "rtsps": RTSP, "http": HTTP, "https": HTTP, "file": FILE, "": FILE}


@dataclass(frozen=True, slots=True)
class Source:
    """What av.open() takes. kind: rtsp, http, hls or file. probes: options to try in turn, the quick ones first."""

    kind: str
    url: str = field(repr=False)
    timeout_s: tuple[float | None, float | None]
    probes: tuple[dict[str, str], ...]


def source_of(address: StreamAddress) -> Source:
    """Raises StreamFailed for a scheme that is none of ours."""
    kind = _kind(address.url)
    common = {"format_whitelist": FORMATS, "codec_whitelist": ",".join(CODECS)}
    common["protocol_whitelist"] = _PROTOCOLS.get(kind, "file")
    if kind == FILE:
        return Source(kind, _file(address.url), (None, None), (common,))
    common["fpsprobesize"] = "0"  # or libav waits for 20 pictures
    quick = {**common, "analyzeduration": "1", "probesize": "32768"}
    patient = {**common, "analyzeduration": "1000000", "probesize": "1000000"}
    url = _with_login(address)
    if kind == RTSP:
        own = {"rtsp_transport": _transport(address), "allowed_media_types": "video", "buffer_size": "1048576"}
        return Source(kind, url, (OPEN_S, READ_S), ({**quick, **own}, {**patient, **own}))
    if kind == HLS:
        return Source(kind, url, (OPEN_S, READ_HLS_S), ({**patient, "extension_picky": "0"},))
    return Source(kind, url, (OPEN_S, READ_S), (quick, patient))


def _kind(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise StreamFailed(OTHER_SCHEME) from None
    scheme = parts.scheme.lower()
    if len(scheme) == 1:
        return FILE  # a drive of Windows
    if scheme not in _SCHEMES or not (parts.netloc or _SCHEMES[scheme] == FILE):
        raise StreamFailed(OTHER_SCHEME)
    return HLS if _SCHEMES[scheme] == HTTP and parts.path.lower().endswith(".m3u8") else _SCHEMES[scheme]


def _file(url: str) -> str:
    """libav's own spelling, which takes the rest as a path, whatever letters are in it."""
    path = url2pathname(unquote(urlsplit(url).path)) if url.lower().startswith("file:") else url
    return f"file:{path}"


def _transport(address: StreamAddress) -> str:
    return "udp" if address.transport == "udp" else "tcp"


def _with_login(address: StreamAddress) -> str:
    """The address with user and password as libav takes them; what the address brings along gives way."""
    if not address.user:
        return address.url
    parts = urlsplit(address.url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(address.user, safe='')}:{quote(address.password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{host}"))
