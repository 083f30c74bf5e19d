"""Pictures of teams."""

import pytest

from lib.client import new_id, unique
from lib.images import BLUE, is_near, png, png_bomb, png_pixels


@pytest.fixture
def house(admin, romeo):
    team = admin.make_team(unique("house"), type="I")
    admin.join_team(team, romeo)
    return team


def send(client, team, content, **options):
    return client.post(f"/teams/{team['id']}/image", files={"image": ("icon.png", content)}, **options)


def test_icon_is_set_seen_changed_and_taken_away(admin, romeo, house, sockets):
    path, socket = f"/teams/{house['id']}/image", sockets(romeo)
    romeo.get(path, expect=404, error="api.team.get_team_icon.read_file.app_error")
    assert send(admin, house, png(400, 200, BLUE)) == {"status": "OK"}
    heard = socket.expect("update_team")["data"]["team"]
    assert heard["last_team_icon_update"] > 0 and heard["invite_id"] == "" and heard["email"] == ""
    assert romeo.get(f"/teams/{house['id']}")["last_team_icon_update"] == heard["last_team_icon_update"]
    reply = romeo.get(path, raw=True)
    width, height, rows = png_pixels(reply.content)
    assert (width, height) == (128, 128) and is_near(rows[64][64], BLUE, 3) and reply.headers["Content-Type"] == "image/png"
    romeo.get(path, headers={"If-None-Match": reply.headers["Etag"]}, expect=304, raw=True)
    send(admin, house, png(10, 10))
    assert romeo.get(path, raw=True).headers["Etag"] != reply.headers["Etag"]
    assert admin.delete(path) == {"status": "OK"}
    assert "last_team_icon_update" not in socket.expect("update_team", lambda e: "last_team_icon_update" not in e["data"]["team"])["data"]["team"]
    romeo.get(path, expect=404)


def test_only_those_who_manage_the_team_change_it(admin, romeo, paris, nobody, house):
    for who, status in ((romeo, 403), (paris, 403), (nobody, 401)):
        send(who, house, png(), expect=status)
        who.delete(f"/teams/{house['id']}/image", expect=status)
    send(admin, house, png())
    romeo.get(f"/teams/{house['id']}/image")
    paris.get(f"/teams/{house['id']}/image", expect=403)
    nobody.get(f"/teams/{house['id']}/image", expect=401)


@pytest.mark.parametrize("content, error", [(b"no picture", "api.team.set_team_icon.decode.app_error"),
                                            (png_bomb(9000, 9000), "api.team.set_team_icon.check_image_limits.app_error"),
                                            (b"", "api.team.set_team_icon.no_file.app_error")])
def test_what_is_no_picture_is_refused(admin, house, content, error):
    send(admin, house, content, expect=400, error=error)
    admin.get(f"/teams/{house['id']}/image", expect=404)


def test_bad_requests_are_refused(admin, house):
    admin.post(f"/teams/{house['id']}/image", {"image": "x"}, expect=400, error="api.team.set_team_icon.parse.app_error")
    admin.post("/teams/short/image", files={"image": ("a.png", png())}, expect=400)
    send(admin, {"id": new_id()}, png(), expect=(403, 404))
    admin.get(f"/teams/{new_id()}/image", expect=(403, 404))
