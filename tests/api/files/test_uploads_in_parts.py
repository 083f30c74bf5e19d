"""Files that come in parts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.client import new_id
from lib.images import png


def begin(client, channel, size, name="long.bin", **options):
    return client.post("/uploads", {"channel_id": channel["id"], "filename": name, "file_size": size}, expect=201, **options)


def send(client, upload, data, expect=204, error=None):
    return client.post(f"/uploads/{upload['id']}", data=data, expect=expect, error=error)


def test_parts_become_one_file(romeo, juliet, channel):
    content = bytes(range(256)) * 3000  # the middle part is large enough to be spooled
    upload = begin(romeo, channel, len(content), "长信.bin")
    assert upload["file_offset"] == 0 and upload["type"] == "attachment" and upload["user_id"] == romeo.id
    send(romeo, upload, content[:1000])
    assert romeo.get(f"/uploads/{upload['id']}")["file_offset"] == 1000
    send(romeo, upload, content[1000:500000])
    assert [u["id"] for u in romeo.get(f"/users/{romeo.id}/uploads")] == [upload["id"]]
    info = send(romeo, upload, content[500000:], expect=200)
    assert info["name"] == "长信.bin" and info["size"] == len(content) and info["channel_id"] == channel["id"]
    assert romeo.get("/users/me/uploads") == []
    romeo.get(f"/uploads/{upload['id']}", expect=404, error="app.upload.get.app_error")
    romeo.say(channel, "long", file_ids=[info["id"]])
    assert juliet.get(f"/files/{info['id']}") == content


def test_one_part_may_be_all_of_it(romeo, channel):
    upload = begin(romeo, channel, 5)
    info = send(romeo, upload, b"whole", expect=200)
    assert romeo.get(f"/files/{info['id']}") == b"whole"


def test_part_may_come_in_a_form(romeo, channel):
    upload = begin(romeo, channel, 10)
    romeo.post(f"/uploads/{upload['id']}", files={"data": ("blob", b"01234")}, expect=204)
    info = romeo.post(f"/uploads/{upload['id']}", files={"data": ("blob", b"56789")})
    assert romeo.get(f"/files/{info['id']}") == b"0123456789"


def test_picture_in_parts_is_seen_as_a_whole(romeo, channel):
    picture = png(200, 100)
    upload = begin(romeo, channel, len(picture), "sun.png")
    send(romeo, upload, picture[:100])
    info = send(romeo, upload, picture[100:], expect=200)
    assert (info["width"], info["height"], info["has_preview_image"]) == (200, 100, True)


def test_only_so_much_is_taken_as_was_announced(romeo, channel):
    upload = begin(romeo, channel, 10)
    send(romeo, upload, b"x" * 11, 400, "api.upload.upload_data.invalid_content_length")
    send(romeo, upload, b"", 400, "api.upload.upload_data.invalid_content_length")
    send(romeo, upload, b"x" * 6)
    send(romeo, upload, b"x" * 5, 400, "api.upload.upload_data.invalid_content_length")
    assert romeo.get(f"/uploads/{upload['id']}")["file_offset"] == 6
    send(romeo, upload, b"x" * 4, 200)


def test_upload_is_its_owners_alone(romeo, juliet, admin, nobody, channel):
    upload = begin(romeo, channel, 10)
    for who in (juliet, admin):
        who.get(f"/uploads/{upload['id']}", expect=403, error="api.upload.get_upload.forbidden.app_error")
        send(who, upload, b"x", 403)
        who.get(f"/users/{romeo.id}/uploads", expect=403, error="api.user.get_uploads_for_user.forbidden.app_error")
    nobody.get(f"/uploads/{upload['id']}", expect=401)


def test_who_has_left_the_channel_sends_no_more_parts(romeo, admin, private):
    upload = begin(romeo, private, 10)
    admin.delete(f"/channels/{private['id']}/members/{romeo.id}")
    send(romeo, upload, b"x" * 10, 403, "api.context.permissions.app_error")


@pytest.mark.parametrize("change, error", [
    ({"file_size": 0}, "model.upload_session.is_valid.file_size.app_error"),
    ({"file_size": -5}, "model.upload_session.is_valid.file_size.app_error"),
    ({"file_size": "10"}, "api.context.invalid_body_param.app_error"),
    ({"filename": ""}, "model.upload_session.is_valid.filename.app_error"),
    ({"filename": "a\nb"}, "api.context.invalid_body_param.app_error"),
    ({"filename": 7}, "api.context.invalid_body_param.app_error"),
    ({"channel_id": "short"}, "api.context.invalid_body_param.app_error"),
    ({"type": "import"}, "model.upload_session.is_valid.type.app_error"),
])
def test_bad_beginnings_are_refused(romeo, channel, change, error):
    body = {"channel_id": channel["id"], "filename": "a.txt", "file_size": 10, **change}
    romeo.post("/uploads", body, expect=400, error=error)


def test_too_large_and_closed_are_refused(romeo, paris, channel):
    romeo.post("/uploads", {"channel_id": channel["id"], "filename": "a", "file_size": 104857601}, expect=413,
               error="api.upload.create.upload_too_large.app_error")
    paris.post("/uploads", {"channel_id": channel["id"], "filename": "a", "file_size": 10}, expect=403)
    romeo.post("/uploads", [], expect=400)
    romeo.get("/uploads/short", expect=400)
    romeo.get(f"/uploads/{new_id()}", expect=404, error="app.upload.get.app_error")
    romeo.post(f"/uploads/{new_id()}", data=b"x", expect=404)


def test_two_senders_at_once_do_not_mix_their_bytes(romeo, channel):
    """Each part either counts, or its sender is told that somebody else was faster."""
    upload = begin(romeo, channel, 8 * 50000)

    def one(n):
        client = romeo.clone()
        client.token = romeo.token
        told = client.post(f"/uploads/{upload['id']}", data=bytes([n]) * 50000, expect=(200, 204, 400, 404))
        return client.last.status_code, n, told

    counted, infos = [], []
    with ThreadPoolExecutor(4) as pool:
        while not infos:
            done = list(pool.map(one, range(1, 5)))
            counted += [n for status, n, _ in done if status in (200, 204)]
            infos = [told for status, _, told in done if status == 200]
    content = romeo.get(f"/files/{infos[0]['id']}")
    assert len(infos) == 1 and len(counted) == 8 and len(content) == 8 * 50000
    parts = [content[i * 50000:(i + 1) * 50000] for i in range(8)]
    assert all(part == part[:1] * 50000 for part in parts) and sorted(part[0] for part in parts) == sorted(counted)
