"""Downloads: parts, conditions, heads, what keeps a browser from running them."""

import pytest

from lib.client import new_id
from lib.images import png

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def info(romeo, channel):
    info = romeo.upload(channel, "letter.bin", CONTENT)
    romeo.say(channel, "read", file_ids=[info["id"]])
    return info


@pytest.mark.parametrize("asked, first, last", [("bytes=0-0", 0, 0), ("bytes=100-", 100, 2047), ("bytes=-1", 2047, 2047),
                                                ("bytes=2000-99999", 2000, 2047), ("bytes=0-2047", 0, 2047)])
def test_range_is_answered_with_that_part(juliet, info, asked, first, last):
    reply = juliet.get(f"/files/{info['id']}", headers={"Range": asked}, expect=206, raw=True)
    assert reply.content == CONTENT[first:last + 1]
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/2048" and reply.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "lines=1-2", "bytes=a-b", "nonsense"])
def test_what_is_not_one_range_is_answered_whole(juliet, info, asked):
    assert juliet.get(f"/files/{info['id']}", headers={"Range": asked}) == CONTENT


def test_range_behind_the_end_is_refused_with_the_size(juliet, info):
    reply = juliet.get(f"/files/{info['id']}", headers={"Range": "bytes=2048-"}, expect=416, check=False, raw=True)
    assert reply.headers["Content-Range"] == "bytes */2048" and reply.content == b""


def test_part_is_only_sent_of_the_content_that_is_meant(juliet, info):
    tag = juliet.get(f"/files/{info['id']}", raw=True).headers["Etag"]
    half = {"Range": "bytes=0-9"}
    juliet.get(f"/files/{info['id']}", headers={**half, "If-Range": tag}, expect=206)
    assert juliet.get(f"/files/{info['id']}", headers={**half, "If-Range": '"another"'}) == CONTENT
    changed = juliet.last.headers["Last-Modified"]
    juliet.get(f"/files/{info['id']}", headers={**half, "If-Range": changed}, expect=206)


def test_what_the_client_has_is_not_sent_again(juliet, info):
    tag = juliet.get(f"/files/{info['id']}", raw=True).headers["Etag"]
    reply = juliet.get(f"/files/{info['id']}", headers={"If-None-Match": tag}, expect=304, raw=True)
    assert reply.content == b"" and reply.headers["Etag"] == tag
    assert juliet.get(f"/files/{info['id']}", headers={"If-None-Match": "another"}) == CONTENT


def test_head_tells_everything_but_the_bytes(juliet, info):
    whole = juliet.get(f"/files/{info['id']}", raw=True)
    head = juliet.request("HEAD", f"/files/{info['id']}", raw=True)
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "Etag", "Accept-Ranges", "Cache-Control"):
        assert head.headers[name] == whole.headers[name], name
    assert head.content == b""
    juliet.request("HEAD", f"/files/{new_id()}", expect=404)


def test_empty_file_is_read_whole_whatever_range_is_asked(romeo, channel):
    info = romeo.upload(channel, "nothing.txt", b"")
    assert info["size"] == 0
    for headers in ({}, {"Range": "bytes=0-"}):
        reply = romeo.get(f"/files/{info['id']}", headers=headers, raw=True)
        assert reply.content == b"" and reply.headers["Content-Length"] == "0"


def test_browser_may_keep_it_and_run_nothing_of_it(juliet, info):
    headers = juliet.get(f"/files/{info['id']}", raw=True).headers
    assert headers["Cache-Control"] == "max-age=2592000, private"
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "sandbox" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_pictures_are_shown_and_downloaded_on_request(romeo, channel):
    info = romeo.upload(channel, "日出.png", png(8, 8))
    path = f"/files/{info['id']}"
    escaped = "%E6%97%A5%E5%87%BA.png"
    assert romeo.get(path, raw=True).headers["Content-Disposition"] == f"inline;filename=\"{escaped}\"; filename*=UTF-8''{escaped}"
    for how in ("1", "true"):
        assert romeo.get(path, params={"download": how}, raw=True).headers["Content-Disposition"].startswith("attachment;")
    assert romeo.get(path + "/preview", params={"download": "1"}, raw=True).headers["Content-Disposition"].startswith("attachment;")


def test_file_that_was_not_sent_yet_is_its_owners_alone(romeo, juliet, admin, channel):
    info = romeo.upload(channel)
    for path in (f"/files/{info['id']}", f"/files/{info['id']}/info"):
        romeo.get(path)
        for who in (juliet, admin):
            who.get(path, expect=403, error="api.context.permissions.app_error")


def test_bad_ids_are_refused(romeo):
    for path in ("/files/short", "/files/" + "!" * 26, "/files/short/info", "/files/short/preview", "/files/short/thumbnail", "/files/short/link"):
        romeo.get(path, expect=400, error="api.context.invalid_url_param.app_error")
    for path in ("", "/info", "/preview", "/thumbnail", "/link"):
        romeo.get(f"/files/{new_id()}{path}", expect=404, error="app.file_info.get.app_error")


def test_public_link_needs_a_sent_file_and_the_right(romeo, juliet, guest, paris, nobody, world, channel):
    info = romeo.upload(channel, content=b"open")
    romeo.get(f"/files/{info['id']}/link", expect=400, error="api.file.get_public_link.no_post.app_error")
    romeo.say(channel, "out", file_ids=[info["id"]])
    link = juliet.get(f"/files/{info['id']}/link")["link"]
    assert link.startswith("http")
    paris.get(f"/files/{info['id']}/link", expect=403)
    path = link[link.index("/files/"):]
    reply = nobody.get(path, raw=True)
    assert reply.content == b"open" and reply.headers["Content-Disposition"].startswith("attachment;")
    assert nobody.get(path, headers={"Range": "bytes=1-2"}, expect=206) == b"pe"
    nobody.request("HEAD", path)
    other = romeo.upload(world.verona, content=b"guests read this")
    romeo.say(world.verona, "for guests", file_ids=[other["id"]])
    guest.get(f"/files/{other['id']}")
    guest.get(f"/files/{other['id']}/link", expect=403, error="api.context.permissions.app_error")


def test_public_link_needs_its_hash(romeo, nobody, channel):
    first, second = romeo.upload(channel, content=b"one"), romeo.upload(channel, content=b"two")
    romeo.say(channel, "both", file_ids=[first["id"], second["id"]])
    mark = romeo.get(f"/files/{first['id']}/link")["link"].split("h=")[1]
    for wrong in ("", "?h=", "?h=" + mark[:-1], "?h=" + mark.upper(), "?h=" + mark + "x"):
        nobody.get(f"/files/{first['id']}/public{wrong}", expect=400, error="api.file.get_file.public_invalid.app_error")
    nobody.get(f"/files/{second['id']}/public?h={mark}", expect=400, error="api.file.get_file.public_invalid.app_error")


def test_public_link_ends_with_its_post(romeo, nobody, channel):
    info = romeo.upload(channel)
    post = romeo.say(channel, "soon gone", file_ids=[info["id"]])
    link = romeo.get(f"/files/{info['id']}/link")["link"]
    romeo.delete(f"/posts/{post['id']}")
    nobody.get(link[link.index("/files/"):], expect=404)
