"""Pictures made of nothing but the standard library, and looked at with nothing else."""

import base64
import struct
import zlib

# 48 × 32: the upper left quarter green, below it red, the right half blue.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIU"
    "FRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAgADADASIAAhEB"
    "AxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS"
    "0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKz"
    "tLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgEC"
    "BAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpj"
    "ZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6"
    "/9oADAMBAAIRAxEAPwDh6KKK/Oj+WgrxyvY68cr+hPCX/mO/7h/+5D7bhr/l9/27+oUUUV/Qh9udhRRRX+eh/oaFcfXYVx9f0L4Sf8x3/cP/ANyH88+L"
    "n/MD/wBxP/cYUUUV/Qx/PB//2Q==")
WEBP = base64.b64decode(
    "UklGRkAAAABXRUJQVlA4TDQAAAAvL8AHABcgEEhDEkEMtkAgUQ13mCEEAolOgAONOv9Rsg+ItG1m8iavc3g4ov8TcJ02Q8sB")
GREEN, RED, BLUE = (20, 160, 60), (200, 40, 40), (40, 60, 200)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_head(width, height):
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(width=2, height=2, colour=(200, 40, 40)):
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    return png_head(width, height) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def png_bomb(width, height):
    """Says how large it is, and has next to nothing of it."""
    return png_head(width, height) + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + png_chunk(b"IEND", b"")


def jpeg(orientation=None):
    """The sample, told by Exif to be turned."""
    if orientation is None:
        return JPEG
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    block = b"Exif\0\0" + tiff
    return JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + JPEG[2:]


def gif(width, height, colours, delay=10):
    """A frame of one colour each. Codes have eight bits all along, since the table is emptied before it grows."""
    out = b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for colour in colours:
        out += b"\x21\xf9\x04" + struct.pack("<BHB", 0, delay, 0) + b"\0"
        out += b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0x80 | 6) + bytes(colour) + bytes(127 * 3)
        codes, left = bytearray(), width * height
        while left:
            run = min(left, 100)
            codes += b"\x80" + b"\0" * run
            left -= run
        codes += b"\x81"
        out += b"\x07" + b"".join(bytes([len(codes[i:i + 255])]) + codes[i:i + 255] for i in range(0, len(codes), 255)) + b"\0"
    return out + b"\x3b"


def gif_frames(data):
    """(width, height, number of frames) of a GIF."""
    width, height, flags = struct.unpack("<HHB", data[6:11])
    at, frames = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0), 0

    def skip_blocks(at):
        while data[at]:
            at += data[at] + 1
        return at + 1

    while data[at] != 0x3B:
        if data[at] == 0x21:
            at = skip_blocks(at + 2)
        else:
            flags = data[at + 9]
            at = skip_blocks(at + 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0))
            frames += 1
    return width, height, frames


def png_pixels(data):
    """(width, height, rows of RGB or RGBA or palette colours) of an 8-bit PNG."""
    at, packed, palette = 8, b"", None
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, depth, colour_type = struct.unpack(">IIBB", body[:10])
            assert depth == 8
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            packed += body
        at += 12 + size
    step = {2: 3, 3: 1, 6: 4}[colour_type]
    raw, rows, above = zlib.decompress(packed), [], bytes(width * step)
    for y in range(height):
        line = raw[y * (width * step + 1):(y + 1) * (width * step + 1)]
        above = png_line(line[0], line[1:], above, step)
        rows.append([tuple(above[x * step:(x + 1) * step]) for x in range(width)])
    if palette:
        rows = [[tuple(palette[i * 3:i * 3 + 3]) for (i,) in row] for row in rows]
    return width, height, rows


def png_line(filter_type, line, above, step):
    """One line without its filter (PNG, section 9.2)."""
    out = bytearray()
    for i, value in enumerate(line):
        a, b, c = (out[i - step] if i >= step else 0), above[i], (above[i - step] if i >= step else 0)
        paeth = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
        out.append((value + (0, a, b, (a + b) // 2, paeth)[filter_type]) & 0xFF)
    return bytes(out)


def is_near(pixel, colour, distance=40):
    return all(abs(p - c) <= distance for p, c in zip(pixel, colour))
