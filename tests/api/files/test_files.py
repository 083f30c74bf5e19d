"""Files: uploading, reading, previews, links."""

import pytest

from lib.client import new_id
from lib.images import png


def test_file_comes_back_as_sent(romeo, juliet, channel):
    content = bytes(range(256)) * 100
    info = romeo.upload(channel, "书信 letter.bin", content, "application/octet-stream")
    assert info["name"] == "书信 letter.bin" and info["size"] == len(content) and info["extension"] == "bin"
    romeo.say(channel, "read", file_ids=[info["id"]])
    assert juliet.get(f"/files/{info['id']}") == content
    got = juliet.get(f"/files/{info['id']}/info")
    assert got["id"] == info["id"] and got["user_id"] == romeo.id


def test_several_files_keep_their_client_ids(romeo, channel):
    reply = romeo.post("/files", data={"channel_id": channel["id"], "client_ids": ["a", "b"]},
                       files=[("files", ("1.txt", b"one", "text/plain")), ("files", ("2.txt", b"two", "text/plain"))], expect=201)
    assert [info["name"] for info in reply["file_infos"]] == ["1.txt", "2.txt"] and reply["client_ids"] == ["a", "b"]


def test_body_itself_may_be_the_file(romeo, channel):
    reply = romeo.post("/files", data=b"plain body", params={"channel_id": channel["id"], "filename": "raw.txt"},
                       headers={"Content-Type": "text/plain"}, expect=201)
    assert reply["file_infos"][0]["name"] == "raw.txt"
    assert romeo.get(f"/files/{reply['file_infos'][0]['id']}") == b"plain body"


def test_files_of_a_post_are_told(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    info = romeo.upload(channel)
    post = romeo.say(channel, "with a file", file_ids=[info["id"]])
    assert post["file_ids"] == [info["id"]] and post["metadata"]["files"][0]["id"] == info["id"]
    assert socket.expect("posted")["data"]["otherFile"] == "true"
    listed = juliet.get(f"/posts/{post['id']}/files/info")
    assert [f["id"] for f in listed] == [info["id"]] and listed[0]["post_id"] == post["id"]


def test_file_belongs_to_one_post_and_its_uploader(romeo, juliet, channel):
    info = romeo.upload(channel)
    assert not juliet.say(channel, "stolen", file_ids=[info["id"]]).get("file_ids")
    romeo.say(channel, "mine", file_ids=[info["id"]])
    assert not romeo.say(channel, "twice", file_ids=[info["id"]]).get("file_ids")


def test_file_is_closed_to_others(romeo, juliet, paris, nobody, private):
    info = romeo.upload(private, content=b"secret")
    paths = (f"/files/{info['id']}", f"/files/{info['id']}/info", f"/files/{info['id']}/thumbnail", f"/files/{info['id']}/preview")
    romeo.say(private, "secret", file_ids=[info["id"]])
    for path in paths[:2]:
        juliet.get(path)
    for path in paths:
        paris.get(path, expect=403)
        nobody.get(path, expect=401)
    romeo.get(f"/files/{new_id()}", expect=404)


def test_strangers_do_not_upload(paris, nobody, channel):
    for who, status in ((paris, 403), (nobody, 401)):
        who.post("/files", data={"channel_id": channel["id"]}, files={"files": ("x.txt", b"x")}, expect=status)


def test_bad_uploads_are_refused(romeo, channel):
    romeo.post("/files", data={"channel_id": "short"}, files={"files": ("x.txt", b"x")}, expect=400)
    romeo.post("/files", files={"files": ("x.txt", b"x")}, expect=400)
    romeo.post("/files", data=b"--no such boundary", headers={"Content-Type": "multipart/form-data; boundary=x"}, expect=400)
    romeo.post("/files", data=b"", headers={"Content-Type": "multipart/form-data"}, expect=400)


def test_picture_has_size_thumbnail_and_preview(romeo, channel):
    info = romeo.upload(channel, "sun.png", png(400, 300), "image/png")
    assert info["mime_type"] == "image/png" and (info["width"], info["height"]) == (400, 300)
    assert info["has_preview_image"] is True
    for kind in ("thumbnail", "preview"):
        reply = romeo.get(f"/files/{info['id']}/{kind}", raw=True)
        assert reply.headers["Content-Type"] in ("image/jpeg", "image/png") and len(reply.content) > 50


def test_text_has_no_thumbnail(romeo, channel):
    info = romeo.upload(channel)
    romeo.get(f"/files/{info['id']}/thumbnail", expect=400)
    romeo.get(f"/files/{info['id']}/preview", expect=400)


def test_part_of_a_file_is_read(romeo, channel):
    info = romeo.upload(channel, content=b"0123456789")
    reply = romeo.get(f"/files/{info['id']}", headers={"Range": "bytes=2-4"}, expect=206, raw=True)
    assert reply.content == b"234" and reply.headers["Content-Range"] == "bytes 2-4/10"
    assert romeo.get(f"/files/{info['id']}", headers={"Range": "bytes=-3"}, expect=206) == b"789"
    romeo.get(f"/files/{info['id']}", headers={"Range": "bytes=99-"}, expect=416, check=False, raw=True)


def test_head_tells_the_size(romeo, channel):
    info = romeo.upload(channel, content=b"0123456789")
    reply = romeo.request("HEAD", f"/files/{info['id']}", raw=True)
    assert reply.headers["Content-Length"] == "10" and reply.content == b""


@pytest.mark.parametrize("name, kind", [("x.html", "text/html"), ("x.svg", "image/svg+xml"), ("x.js", "text/javascript"), ("x.xml", "application/xml")])
def test_active_content_is_never_served_as_such(romeo, channel, name, kind):
    info = romeo.upload(channel, name, b"<script>alert(1)</script>", kind)
    reply = romeo.get(f"/files/{info['id']}", raw=True)
    assert reply.headers["Content-Type"].split(";")[0] in ("text/plain", "application/octet-stream")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_name_can_not_leave_its_folder_or_header(romeo, channel):
    info = romeo.upload(channel, '../../etc/pass"wd\r\nX-Bad: 1.txt', b"x")
    assert "/" not in info["name"]
    reply = romeo.get(f"/files/{info['id']}", raw=True)
    assert "X-Bad" not in reply.headers and reply.content == b"x"


def test_public_link_opens_without_a_session(romeo, nobody, channel):
    info = romeo.upload(channel, content=b"for all the world")
    romeo.say(channel, "public", file_ids=[info["id"]])
    link = romeo.get(f"/files/{info['id']}/link")["link"]
    path = link[link.index("/files/"):]
    assert nobody.get(path, check=False) == b"for all the world"
    nobody.get(path[:-3] + "abc", expect=400, check=False, raw=True)


def test_files_are_searched(romeo, juliet, paris, channel, team):
    info = romeo.upload(channel, "sonnet-eighteen.txt", b"Shall I compare thee")
    romeo.say(channel, "a poem", file_ids=[info["id"]])
    found = juliet.post(f"/teams/{team['id']}/files/search", {"terms": "sonnet", "is_or_search": False})
    assert info["id"] in found["order"]
    paris.post(f"/teams/{team['id']}/files/search", {"terms": "sonnet", "is_or_search": False}, expect=403)


def test_deleting_the_post_closes_its_files(romeo, juliet, channel):
    info = romeo.upload(channel)
    post = romeo.say(channel, "soon gone", file_ids=[info["id"]])
    romeo.delete(f"/posts/{post['id']}")
    juliet.get(f"/files/{info['id']}", expect=404)


def test_empty_file_is_taken_or_refused_cleanly(romeo, channel):
    romeo.post("/files", data={"channel_id": channel["id"]}, files={"files": ("empty.txt", b"")}, expect=(201, 400))
