"""Pictures of people: sent, drawn, changed, taken back."""

import pytest

from lib.client import new_id, unique
from lib.images import BLUE, GREEN, JPEG, RED, WEBP, gif, is_near, jpeg, png, png_bomb, png_pixels


def show(client, user, path="", **options):
    return client.get(f"/users/{user.id}/image{path}", raw=True, **options)


def send(client, user, content, name="face.png", **options):
    return client.post(f"/users/{user.id}/image", files={"image": (name, content)}, **options)


@pytest.fixture
def person(world):
    return world.person(unique("face").replace("-", ""))


def test_who_sent_none_has_initials(romeo, person):
    reply = show(romeo, person)
    width, height, rows = png_pixels(reply.content)
    assert (width, height) == (128, 128) and reply.headers["Content-Type"] == "image/png"
    assert reply.headers["Cache-Control"] == "max-age=300, private"
    assert rows[0][0] != (255, 255, 255) and any((255, 255, 255) in row for row in rows)
    assert show(romeo, person).content == reply.content
    assert show(romeo, person, "/default").content == reply.content
    show(romeo, person, headers={"If-None-Match": reply.headers["Etag"]}, expect=304)


def test_sent_picture_becomes_a_square_that_others_see(person, romeo, sockets):
    socket, own = sockets(romeo), sockets(person)
    before = show(romeo, person)
    assert send(person, person, png(300, 200, RED)) == {"status": "OK"}
    heard = socket.expect("user_updated", lambda e: e["data"]["user"]["id"] == person.id)["data"]["user"]
    assert heard["last_picture_update"] > 0 and not heard.get("notify_props")
    assert own.expect("user_updated", lambda e: e["data"]["user"]["id"] == person.id)["data"]["user"]["notify_props"]
    fresh = romeo.get(f"/users/{person.id}")
    assert fresh["last_picture_update"] == heard["last_picture_update"] and fresh["update_at"] == heard["update_at"]
    reply = show(romeo, person)
    width, height, rows = png_pixels(reply.content)
    assert (width, height) == (128, 128) and all(is_near(pixel, RED, 3) for row in rows for pixel in row)
    assert reply.headers["Cache-Control"] == "max-age=86400, private" and reply.headers["Etag"] != before.headers["Etag"]
    show(romeo, person, headers={"If-None-Match": reply.headers["Etag"]}, expect=304)
    assert show(romeo, person, "/default").content == before.content


def test_the_middle_is_what_counts(person):
    """The sample is 48 wide and 32 high: 8 columns fall away on each side."""
    for content in (JPEG, WEBP):
        send(person, person, content)
        _, _, rows = png_pixels(show(person, person).content)
        assert is_near(rows[5][5], GREEN) and is_near(rows[120][5], RED) and is_near(rows[5][120], BLUE) and is_near(rows[120][120], BLUE)


def test_photo_stands_upright(person):
    """Where the green quarter is, after the camera's word for it."""
    corners = {1: (5, 5), 2: (120, 5), 3: (120, 120), 4: (5, 120), 5: (5, 5), 6: (120, 5), 7: (120, 120), 8: (5, 120)}
    for orientation, (x, y) in corners.items():
        send(person, person, jpeg(orientation), "photo.jpg")
        _, _, rows = png_pixels(show(person, person).content)
        assert is_near(rows[y][x], GREEN), orientation


@pytest.mark.parametrize("content", [png(1, 1), png(7, 500), gif(40, 40, [(1, 2, 3), (4, 5, 6)])])
def test_small_narrow_and_moving_pictures_do(person, content):
    send(person, person, content)
    assert png_pixels(show(person, person).content)[:2] == (128, 128)


@pytest.mark.parametrize("content, error", [
    (b"no picture", "api.user.upload_profile_user.decode.app_error"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "api.user.upload_profile_user.decode.app_error"),
    (png(300, 300)[:100], "api.user.upload_profile_user.decode.app_error"),
    (png_bomb(100000, 100000), "api.user.upload_profile_user.check_image_limits.app_error"),
    (b"", "api.user.upload_profile_user.no_file.app_error"),
])
def test_what_is_no_picture_changes_nothing(person, content, error):
    send(person, person, png(20, 20, RED))
    before = show(person, person).content
    send(person, person, content, expect=400, error=error)
    assert show(person, person).content == before


def test_bad_forms_are_refused(person):
    path = f"/users/{person.id}/image"
    person.post(path, files={"other": ("a.png", png())}, expect=400, error="api.user.upload_profile_user.no_file.app_error")
    person.post(path, {"image": "text"}, expect=400, error="api.user.upload_profile_user.parse.app_error")
    person.post(path, data=b"", expect=400)
    person.post(path, data=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"}, expect=400)


def test_only_oneself_and_admins_change_it(person, romeo, admin, nobody):
    send(romeo, person, png(), expect=403, error="api.context.permissions.app_error")
    send(nobody, person, png(), expect=401)
    romeo.delete(f"/users/{person.id}/image", expect=403)
    send(admin, person, png(5, 5, BLUE))
    assert is_near(png_pixels(show(person, person).content)[2][64][64], BLUE, 3)
    admin.delete(f"/users/{person.id}/image")
    admin.post(f"/users/{new_id()}/image", files={"image": ("a.png", png())}, expect=404)


def test_taken_back_it_is_the_initials_again(person, romeo, sockets):
    socket, drawn = sockets(romeo), show(romeo, person)
    send(person, person, png(9, 9))
    sent = socket.expect("user_updated", lambda e: e["data"]["user"]["id"] == person.id)["data"]["user"]
    assert person.delete(f"/users/{person.id}/image") == {"status": "OK"}
    gone = socket.expect("user_updated", lambda e: e["data"]["user"]["id"] == person.id)["data"]["user"]
    assert gone["last_picture_update"] >= sent["last_picture_update"]
    reply = show(romeo, person)
    assert reply.content == drawn.content and reply.headers["Etag"] != drawn.headers["Etag"]


def test_pictures_need_a_session_and_a_user(nobody, romeo):
    show(nobody, romeo, expect=401)
    show(nobody, romeo, "/default", expect=401)
    for path in ("", "/default"):
        romeo.get(f"/users/{new_id()}/image{path}", expect=404)
        romeo.get(f"/users/short/image{path}", expect=400)


def test_names_with_two_words_have_two_initials_and_all_names_have_a_picture(world, romeo):
    seen = set()
    for name in ("li.wei", "x-1", "7up", "a", "z__z", "0"):
        seen.add(show(romeo, world.person(unique(name).replace("-", ".") if len(name) > 1 else name + unique("y"))).content)
    assert len(seen) == 6
