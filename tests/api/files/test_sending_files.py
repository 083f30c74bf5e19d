"""Uploads: names, sizes, forms, rights, many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.client import new_id

LIMIT = 300 * 1024


@pytest.fixture(scope="module")
def settings():
    return {"FileSettings.MaxFileSize": LIMIT}


def send(client, channel, files, expect=201, error=None, **data):
    return client.post("/files", data={"channel_id": channel["id"], **data}, files=files, expect=expect, error=error)


@pytest.mark.parametrize("sent, kept", [("信 件.txt", "信 件.txt"), ('he said "no".txt', 'he said "no".txt'), ("../../etc/passwd", "passwd"),
                                        ("C:\\Users\\romeo\\a.txt", "a.txt"), ("a;b=c.txt", "a;b=c.txt"), ("'quoted'", "'quoted'"),
                                        (" around .txt ", "around .txt"), (".hidden", ".hidden"), ("x" * 251 + ".txt", "x" * 251 + ".txt")])
def test_name_is_kept_without_its_folders(romeo, channel, sent, kept):
    reply = romeo.post("/files", data=b"x", params={"channel_id": channel["id"], "filename": sent}, expect=201)
    info = reply["file_infos"][0]
    assert info["name"] == kept
    assert romeo.get(f"/files/{info['id']}/info")["name"] == kept
    assert romeo.get(f"/files/{info['id']}") == b"x"


def test_quote_in_a_form_is_a_quote_in_the_name(romeo, channel):
    """Browsers send it as %22."""
    assert send(romeo, channel, {"files": ('a"b.txt', b"x")})["file_infos"][0]["name"] == 'a"b.txt'


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/", "/", "x" * 256, "a\nb", "a\tb", "a\x7fb"])
def test_bad_names_are_refused(romeo, channel, name):
    romeo.post("/files", data=b"x", params={"channel_id": channel["id"], "filename": name}, expect=400,
               error="api.context.invalid_body_param.app_error")


def test_name_that_is_no_utf8_is_refused(romeo, channel):
    romeo.post(f"/files?channel_id={channel['id']}&filename=%ff%fe.txt", data=b"x", expect=400)
    romeo.post(f"/files?channel_id={channel['id']}&filename=a%00b.txt", data=b"x", expect=400)


def test_file_may_have_the_limit_and_not_a_byte_more(romeo, channel):
    assert send(romeo, channel, {"files": ("full.bin", b"x" * LIMIT)})["file_infos"][0]["size"] == LIMIT
    send(romeo, channel, {"files": ("more.bin", b"x" * (LIMIT + 1))}, 413, "api.context.request_body_too_large.app_error")
    raw = {"channel_id": channel["id"], "filename": "raw.bin"}
    romeo.post("/files", data=b"x" * LIMIT, params=raw, expect=201)
    romeo.post("/files", data=b"x" * (LIMIT + 1), params=raw, expect=413, error="api.context.request_body_too_large.app_error")
    romeo.post("/files", data=b"x" * (LIMIT + 100 * 1024), params=raw, expect=413, error="api.context.request_body_too_large.app_error")


def test_refused_file_takes_the_others_with_it(romeo, channel):
    send(romeo, channel, [("files", ("good.txt", b"x")), ("files", ("x" * 256, b"x"))], 400)


def test_large_body_is_stored_as_it_came(romeo, juliet, channel):
    """Above 256 KiB it goes through a file of its own."""
    content = bytes(range(256)) * 1100
    reply = romeo.post("/files", data=content, params={"channel_id": channel["id"], "filename": "large.bin"}, expect=201)
    both = send(romeo, channel, [("files", ("one.bin", content[:140000])), ("files", ("two.bin", content[140000:]))])
    infos = reply["file_infos"] + both["file_infos"]
    romeo.say(channel, "large", file_ids=[i["id"] for i in infos])
    got = [juliet.get(f"/files/{i['id']}") for i in infos]
    assert got == [content, content[:140000], content[140000:]]


def test_client_ids_are_as_many_as_the_files(romeo, channel):
    two = [("files", ("1.txt", b"1")), ("files", ("2.txt", b"2"))]
    assert send(romeo, channel, two, client_ids=["x", "y"])["client_ids"] == ["x", "y"]
    assert send(romeo, channel, two)["client_ids"] == []
    send(romeo, channel, two, 400, "api.file.upload_file.incorrect_number_of_client_ids.app_error", client_ids=["x"])


def test_bad_forms_are_refused(romeo, channel, private):
    one = {"files": ("x.txt", b"x")}
    romeo.post("/files", data={"channel_id": [channel["id"], private["id"]]}, files=one, expect=400,
               error="api.file.upload_file.multiple_channel_ids.app_error")
    romeo.post("/files", data={"channel_id": channel["id"], "client_ids": "x" * 11000}, files=one, expect=400,
               error="api.file.upload_file.read_form_value.app_error")
    romeo.post("/files", data={"channel_id": channel["id"]}, files={"other": (None, "x")}, expect=400)
    romeo.post("/files", data=b"x", params={"channel_id": channel["id"]}, expect=400)
    romeo.post("/files", data=b"x", params={"filename": "a.txt"}, expect=400)
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    romeo.post("/files", data=b"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nno end", headers=broken,
               expect=400, error="api.file.upload_file.read_request.app_error")


def test_channel_that_is_not_there_is_told_like_a_closed_one(romeo, juliet, paris, admin, team, channel):
    closed = admin.make_channel(team, romeo, kind="P")
    for who, where in ((juliet, closed), (paris, channel), (romeo, {"id": new_id()})):
        send(who, where, {"files": ("x.txt", b"x")}, 403, "api.context.permissions.app_error")


def test_archived_channel_takes_no_files(romeo, admin, channel):
    admin.delete(f"/channels/{channel['id']}")
    send(romeo, channel, {"files": ("x.txt", b"x")}, 400)


def test_guest_sends_files_where_he_is(guest, world, channel):
    assert guest.upload(world.verona, "guest.txt")["user_id"] == guest.id
    send(guest, channel, {"files": ("x.txt", b"x")}, 403)


def test_many_uploads_at_once_all_come_through(romeo, juliet, channel):
    def one(n):
        client = (romeo if n % 2 else juliet).clone()
        client.token = (romeo if n % 2 else juliet).token
        content = bytes([n]) * (1000 + 20000 * (n % 16))
        info = client.upload(channel, f"{n}.bin", content)
        return client.get(f"/files/{info['id']}") == content, info["id"]

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(one, range(64)))
    assert all(right for right, _ in done) and len({i for _, i in done}) == 64
