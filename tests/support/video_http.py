"""Cameras and platforms that speak HTTP: FLV and MJPEG without end, HLS, a file; and servers that behave badly."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av

SEGMENT_S = 1


class VideoHttp:
    """Serves one H.264 clip in every way. close() cuts all off."""

    def __init__(self, clip: Path, folder: Path) -> None:
        self.clip = clip
        self.seen: list[str] = []  # paths and Authorization headers
        self.began = time.monotonic()
        self.over = threading.Event()
        self.segments = _segments(clip, folder)
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.daemon_threads = True
        self._server.video = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{path}"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Listeners leave as they like."""


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        video = cast(VideoHttp, self.server.video)  # type: ignore[attr-defined]
        video.seen.append(f"{self.path} {self.headers.get('Authorization', '')}")
        path = self.path.partition("?")[0].lstrip("/")
        with suppress(OSError):
            if path.startswith("status/"):
                self._head(int(path.removeprefix("status/")), "text/plain", 0)
            elif path == "guarded.flv" and "Authorization" not in self.headers:
                self._head(401, "text/plain", 0, **{"WWW-Authenticate": 'Basic realm="camera"'})
            elif path == "file.mp4":
                self._whole("video/mp4", video.clip.read_bytes())
            elif path == "garbage.flv":
                self._chunks("video/x-flv", iter([b"\x13\x37" * 4000] * 50))
            elif path in ("live.flv", "guarded.flv"):
                self._chunks("video/x-flv", _paced(flv_tags(video.clip), video.over))
            elif path == "flood.flv":
                self._chunks("video/x-flv", flv_tags(video.clip))
            elif path == "mjpeg":
                self._chunks("multipart/x-mixed-replace; boundary=next", _parts(video.clip, video.over))
            elif path == "hls/index.m3u8":
                self._whole("application/vnd.apple.mpegurl", _playlist(video).encode())
            elif path.startswith("hls/"):
                self._whole("video/mp2t", video.segments[int(path[4:-3]) % len(video.segments)])
            else:
                self._head(404, "text/plain", 0)

    def _head(self, code: int, kind: str, length: int | None, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _whole(self, kind: str, content: bytes) -> None:
        self._head(200, kind, len(content))
        self.wfile.write(content)

    def _chunks(self, kind: str, parts: Iterator[bytes]) -> None:
        self._head(200, kind, None)
        for part in parts:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def log_message(self, *_: object) -> None:
        """Not on the console."""


def flv_tags(clip: Path) -> Iterator[bytes]:
    """The clip as FLV without end: header, then a tag for each picture, its times going on from round to round."""
    header, tags = _flv(clip)
    yield header
    length = tags[-1][0] + 40
    for around in count():
        for at, tag in tags:
            if around and tag[12] == 0:
                continue  # the decoder's configuration is told once
            moment = at + around * length
            yield tag[:4] + (moment & 0xFFFFFF).to_bytes(3, "big") + bytes([moment >> 24 & 0xFF]) + tag[8:]


def _flv(clip: Path) -> tuple[bytes, list[tuple[int, bytes]]]:
    """Header of the file, and tags of video with their times in ms."""
    content = remuxed(clip, "flv")
    position, tags = 13, []
    while position < len(content):
        size = int.from_bytes(content[position + 1 : position + 4], "big") + 15
        tag = content[position : position + size]
        if tag[0] == 9 and tag[12] != 2:  # 2: end of sequence
            tags.append((int.from_bytes(tag[4:7], "big"), tag))
        position += size
    return content[:13], tags


def remuxed(clip: Path, form: str) -> bytes:
    """The same packets in another container."""
    target = io.BytesIO()
    with av.open(str(clip)) as source, av.open(target, "w", format=form) as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    return target.getvalue()


def _paced(tags: Iterator[bytes], over: threading.Event) -> Iterator[bytes]:
    """Each when its time has come."""
    began = time.monotonic()
    yield next(tags)
    for tag in tags:
        wait = int.from_bytes(tag[4:7], "big") / 1000 - (time.monotonic() - began)
        if over.wait(max(wait, 0)):
            return
        yield tag


def _parts(clip: Path, over: threading.Event) -> Iterator[bytes]:
    """JPEGs, ten a second."""
    pictures = _jpegs(clip)
    for number in count():
        picture = pictures[number % len(pictures)]
        yield b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(picture), picture)
        if over.wait(0.1):
            return


def _jpegs(clip: Path) -> list[bytes]:
    made = []
    with av.open(str(clip)) as source:
        encoder = av.CodecContext.create("mjpeg", "w")
        for frame in source.decode(video=0):
            if not encoder.is_open:
                encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
                encoder.time_base = Fraction(1, 25)
            still = frame.reformat(format="yuvj420p")
            still.pict_type = 0
            made += [bytes(packet) for packet in encoder.encode(still)]
    return made[:20]


def _segments(clip: Path, folder: Path) -> list[bytes]:
    """The clip cut at its key frames, a second each."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"hls_time": str(SEGMENT_S), "hls_list_size": "0", "hls_segment_filename": f"{folder}/%03d.ts"}
    target = str(folder / "all.m3u8")
    with av.open(str(clip)) as source, av.open(target, "w", format="hls", options=options) as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    return [file.read_bytes() for file in sorted(folder.glob("*.ts"))]


def _playlist(video: VideoHttp) -> str:
    """A live one: five segments, one more every second."""
    first = int(time.monotonic() - video.began) // SEGMENT_S
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{SEGMENT_S}", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
    for number in range(first, first + 5):
        if number % len(video.segments) == 0:
            lines.append("#EXT-X-DISCONTINUITY")
        lines += [f"#EXTINF:{SEGMENT_S:.3f},", f"{number}.ts"]
    return "\n".join(lines) + "\n"
