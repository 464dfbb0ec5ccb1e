"""Reads the PNGs of Chromium, and puts them together as one animated PNG (https://www.w3.org/TR/png-3/).

All frames share one palette of 255 colours. Each frame holds the rectangle that has changed alone, and what has not
changed in there is transparent.
"""
import collections
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TRANSPARENT = 255


def chunks(png):
    """(type, data) of each chunk; demands that its checksum is right."""
    assert png.startswith(SIGNATURE)
    place = len(SIGNATURE)
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place:place + 8])
        data = png[place + 8:place + 8 + length]
        assert zlib.crc32(kind + data) == struct.unpack(">I", png[place + 8 + length:place + 12 + length])[0]
        yield kind, data
        place += length + 12


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def _unfiltered(kind, line, above, step):
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(line, above))
    for i, byte in enumerate(line):
        left = line[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (byte + left) & 255
        elif kind == 3:
            line[i] = (byte + (left + above[i]) // 2) & 255
        elif kind == 4:
            line[i] = (byte + _paeth(left, above[i], above[i - step] if i >= step else 0)) & 255
    return line


def pixels(png):
    """(width, height, lines of (red, green, blue)) of an 8-bit RGB or RGBA picture."""
    parts = list(chunks(png))
    width, height, depth, colour = struct.unpack(">IIBB", parts[0][1][:10])
    assert depth == 8 and colour in (2, 6), (depth, colour)
    step = 3 if colour == 2 else 4
    data = zlib.decompress(b"".join(data for kind, data in parts if kind == b"IDAT"))
    above, lines = bytearray(width * step), []
    for y in range(height):
        start = y * (width * step + 1)
        above = _unfiltered(data[start], bytearray(data[start + 1:start + 1 + width * step]), above, step)
        lines.append([bytes(above[i:i + 3]) for i in range(0, len(above), step)])
    return width, height, lines


class Palette:
    """The most frequent colours; every other is the nearest of them."""

    def __init__(self, pictures):
        counts = collections.Counter(pixel for lines in pictures for line in lines for pixel in line)
        self.colours = [colour for colour, _ in counts.most_common(TRANSPARENT)]
        self._index = {colour: number for number, colour in enumerate(self.colours)}

    def index(self, pixel):
        if pixel not in self._index:
            self._index[pixel] = min(range(len(self.colours)), key=lambda number: sum(
                (a - b) ** 2 for a, b in zip(self.colours[number], pixel)))
        return self._index[pixel]


def _changed(before, after):
    """(left, top, lines) of the smallest rectangle with all changes; nothing if there is none."""
    rows = [y for y, (old, new) in enumerate(zip(before, after)) if old != new]
    if not rows:
        return None
    columns = [x for y in rows for x, (old, new) in enumerate(zip(before[y], after[y])) if old != new]
    left, right = min(columns), max(columns) + 1
    lines = [bytes(TRANSPARENT if old == new else new for old, new in zip(before[y][left:right], after[y][left:right]))
             for y in range(rows[0], rows[-1] + 1)]
    return left, rows[0], lines


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def animation(frames):
    """The animated PNG of [(PNG, milliseconds)], shown again and again."""
    decoded = [pixels(png) for png, _ in frames]
    width, height, _ = decoded[0]
    palette = Palette([lines for _, _, lines in decoded])
    pictures = [[bytes(map(palette.index, line)) for line in lines] for _, _, lines in decoded]
    parts = []  # [left, top, lines, milliseconds]
    before = None
    for picture, (_, duration) in zip(pictures, frames):
        change = (0, 0, picture) if before is None else _changed(before, picture)
        if change is None:
            parts[-1][3] += duration
        else:
            parts.append([*change, duration])
        before = picture
    colours = palette.colours + [b"\0\0\0"] * (TRANSPARENT + 1 - len(palette.colours))
    out = [SIGNATURE, _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
           _chunk(b"acTL", struct.pack(">II", len(parts), 0)), _chunk(b"PLTE", b"".join(colours)),
           _chunk(b"tRNS", b"\xff" * TRANSPARENT + b"\0")]
    sequence = 0
    for left, top, lines, duration in parts:
        out.append(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", sequence, len(lines[0]), len(lines), left, top,
                                               duration, 1000, 0, 1 if sequence else 0)))
        sequence += 1
        data = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
        if sequence == 1:
            out.append(_chunk(b"IDAT", data))
        else:
            out.append(_chunk(b"fdAT", struct.pack(">I", sequence) + data))
            sequence += 1
    return b"".join([*out, _chunk(b"IEND", b"")])


def facts(png):
    """(frames, seconds) of an animated PNG."""
    controls = [data for kind, data in chunks(png) if kind == b"fcTL"]
    return len(controls), sum(struct.unpack(">H", data[20:22])[0] / struct.unpack(">H", data[22:24])[0]
                              for data in controls)
