"""Make the bundled Chinese fonts: a GB2312 subset of Noto Sans CJK SC under a family name of our own.

Run once on a machine with Debian's `fonts-noto-cjk` (and fonttools from the dev group):
    python resources/fonts/build.py /usr/share/fonts/opentype/noto
The family is renamed so that an installed Noto with Japanese defaults can never be picked instead of it.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "CommandCenter Sans SC"
SOURCE_FACE = "Noto Sans CJK SC"
SYMBOLS = (
    "✓×÷±−–—…⋯→←↑↓↗↘⇧⏎·•‹›«»◎○●◐■□▲▼△▽▶◀◆◇★☆⚠"
    "＋－％¥￥℃°′″≤≥≠≈∞№①②③④⑤⑥⑦⑧⑨⑩⑴⑵ⅠⅡⅢ│─├└　、。！？：；「」『』【】《》〈〉（）"
)
RARE_IN_NAMES = "喆堃垚淼镕昇珺玥晞燊甯婳祎翀龑骉彧赟暐旸珩琋璟瑄祺弢頔鑫焱犇猋矗翯囍窦崟鄀簋"


def gb2312() -> set[int]:
    """Code points of every character that GB2312 can encode."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes((high, low)).decode("gb2312", errors="ignore")
            found.update(map(ord, text))
    return found


def wanted() -> set[int]:
    """All code points the program brings glyphs for."""
    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    return gb2312() | latin | set(map(ord, SYMBOLS + RARE_IN_NAMES))


def sc_face(collection: Path) -> TTFont:
    """The simplified Chinese face of a Noto CJK collection."""
    for font in TTCollection(str(collection)).fonts:
        if font["name"].getDebugName(1) == SOURCE_FACE:
            return font
    raise SystemExit(f"{collection.name} holds no face named {SOURCE_FACE}")


def rename(font: TTFont, style: str) -> None:
    """Give the face our family name; the copyright and licence records stay."""
    names = font["name"]
    records = {
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    for record in [r for r in names.names if r.nameID in records]:
        names.removeNames(nameID=record.nameID)
    for number, text in records.items():
        names.setName(text, number, 3, 1, 0x409)


def subset(source: Path, target: Path, style: str) -> int:
    """Write one face's subset; returns its size in bytes."""
    font = sc_face(source)
    options = Options(
        layout_features=["kern", "ccmp", "tnum"],
        name_IDs=["*"],
        notdef_outline=True,
        hinting=True,
        drop_tables=["vmtx", "vhea", "VORG", "DSIG", "BASE"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    rename(font, style)
    font.save(str(target))
    return target.stat().st_size


def main() -> None:
    """Build both weights beside this file."""
    source, here = Path(sys.argv[1]), Path(__file__).parent
    for style in ("Regular", "Bold"):
        size = subset(source / f"NotoSansCJK-{style}.ttc", here / f"CommandCenterSansSC-{style}.otf", style)
        sys.stdout.write(f"{style}: {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
