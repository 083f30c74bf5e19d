"""Pictures among the files: what is told of them, and what a hostile one can do (nothing)."""

import base64
import random

import pytest

from lib.images import JPEG, WEBP, gif, jpeg, png, png_bomb, png_head


def is_jpeg(content):
    return content[:3] == b"\xff\xd8\xff" and content[-2:] == b"\xff\xd9"


@pytest.mark.parametrize("name, content, kind", [("a.png", png(48, 32), "image/png"), ("a.jpg", JPEG, "image/jpeg"),
                                                 ("a.webp", WEBP, "image/webp"), ("a.gif", gif(48, 32, [(1, 2, 3)]), "image/gif")])
def test_every_format_has_its_size_and_previews(romeo, channel, name, content, kind):
    info = romeo.upload(channel, name, content)
    assert (info["width"], info["height"], info["mime_type"], info["has_preview_image"]) == (48, 32, kind, True)
    assert is_jpeg(base64.b64decode(info["mini_preview"]))
    for part in ("thumbnail", "preview"):
        reply = romeo.get(f"/files/{info['id']}/{part}", raw=True)
        assert reply.headers["Content-Type"] == "image/jpeg" and is_jpeg(reply.content)
        assert reply.headers["Content-Disposition"].startswith("inline;")
    assert romeo.get(f"/files/{info['id']}") == content


def test_width_and_height_are_those_of_the_upright_picture(romeo, channel):
    for orientation in range(1, 9):
        info = romeo.upload(channel, "photo.jpg", jpeg(orientation))
        assert (info["width"], info["height"]) == ((48, 32) if orientation < 5 else (32, 48)), orientation


def test_moving_picture_is_shown_itself(romeo, channel):
    info = romeo.upload(channel, "wave.gif", gif(30, 20, [(255, 0, 0), (0, 255, 0)]))
    assert (info["width"], info["height"]) == (30, 20) and not info.get("has_preview_image")
    assert is_jpeg(romeo.get(f"/files/{info['id']}/thumbnail"))


def test_content_and_not_the_name_says_which_format_it_is(romeo, channel):
    assert romeo.upload(channel, "photo.jpg", png(5, 4))["mime_type"] == "image/png"
    assert romeo.upload(channel, "no-ending", png(5, 4))["mime_type"] == "image/png"


def test_picture_with_too_many_pixels_is_refused_before_it_is_decoded(romeo, channel):
    for width, height in ((5761, 5760), (100000, 100000), (2**31 - 1, 2**31 - 1)):
        romeo.post("/files", data={"channel_id": channel["id"]}, files={"files": ("bomb.png", png_bomb(width, height))},
                   expect=400, error="api.file.upload_file.large_image.app_error")


NOISE = random.Random(1597).randbytes(5000)
HOSTILE = {
    "cut.png": png(300, 300)[:200],
    "head only.png": png_head(10, 10),
    "bomb.png": png_bomb(5000, 5000),
    "noise.png": b"\x89PNG\r\n\x1a\n" + NOISE,
    "cut.gif": gif(100, 100, [(1, 2, 3)])[:150],
    "cut.webp": WEBP[:40],
    "noise.jpg": b"\xff\xd8\xff\xe0" + NOISE,
    "short.jpg": b"\xff\xd8\xff",
    "text.png": b"I am no picture",
    "empty.png": b"",
    "flat.png": png_head(0, 0),
    "lies.gif": b"GIF89a\xff\xff\xff\xff\0\0\0\x2c\0\0\0\0\xff\xff\xff\xff\0\x02",
    "lies.webp": b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_picture_is_a_file_like_any_other(romeo, channel, name):
    reply = romeo.post("/files", data={"channel_id": channel["id"]}, files={"files": (name, HOSTILE[name])}, expect=(201, 400))
    if "file_infos" not in reply:
        assert reply["id"] == "api.file.upload_file.large_image.app_error"
        return
    info = reply["file_infos"][0]
    assert not info.get("has_preview_image") and info["mini_preview"] is None
    assert (romeo.get(f"/files/{info['id']}") or b"") == HOSTILE[name]
    romeo.get(f"/files/{info['id']}/preview", expect=400, error="api.file.get_file_preview.no_preview.app_error")
    romeo.get(f"/files/{info['id']}/thumbnail", expect=400, error="api.file.get_file_thumbnail.no_thumbnail.app_error")


def test_picture_that_ends_early_shows_what_there_is(romeo, channel):
    info = romeo.upload(channel, "half.jpg", JPEG[:-30])
    assert (info["width"], info["height"], info["has_preview_image"]) == (48, 32, True)


def test_picture_in_the_clothes_of_a_page_is_no_picture(romeo, channel):
    info = romeo.upload(channel, "page.html", png(4, 4))
    assert info["mime_type"] == "text/html" and "width" not in info
    assert romeo.get(f"/files/{info['id']}", raw=True).headers["Content-Type"] == "text/plain"


def test_tall_and_wide_pictures_have_previews_too(romeo, channel):
    for width, height in ((1, 5000), (5000, 1), (3000, 20)):
        info = romeo.upload(channel, "line.png", png(width, height))
        assert info["has_preview_image"] is True
        assert is_jpeg(romeo.get(f"/files/{info['id']}/preview"))
