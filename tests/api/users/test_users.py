"""Users: reading, listing, searching, changing."""

import pytest

from lib.client import new_id
from lib.images import png


def test_me_is_the_session_s_user_in_full(romeo, nobody):
    me = romeo.get("/users/me")
    assert me["id"] == romeo.id and me["email"] == "romeo@verona.example" and "notify_props" in me
    assert romeo.get(f"/users/{romeo.id}")["email"] == me["email"]
    nobody.get(f"/users/{romeo.id}", expect=401)


def test_others_are_shown_without_private_fields(romeo, juliet):
    seen = romeo.get(f"/users/{juliet.id}")
    assert seen["username"] == "juliet"
    for field in ("password", "auth_data", "mfa_secret", "notify_props", "last_password_update", "failed_attempts"):
        assert not seen.get(field), field


def test_user_is_found_by_name_and_email(romeo, juliet):
    assert romeo.get("/users/username/juliet")["id"] == juliet.id
    assert romeo.get("/users/email/juliet@verona.example")["id"] == juliet.id
    romeo.get("/users/username/nobody-here", expect=404)
    romeo.get("/users/email/nobody@verona.example", expect=404)
    romeo.get(f"/users/{new_id()}", expect=404)
    romeo.get("/users/tooshort", expect=(400, 404))


def test_etag_spares_a_second_copy(romeo, juliet):
    romeo.get(f"/users/{juliet.id}")
    tag = romeo.last.headers["Etag"]
    romeo.get(f"/users/{juliet.id}", headers={"If-None-Match": tag}, expect=304)
    romeo.get(f"/users/{juliet.id}", headers={"If-None-Match": "other"})


def test_lists_come_in_pages(admin):
    everybody = admin.get("/users", params={"per_page": 200})
    assert len(everybody) >= 4 and [u["username"] for u in everybody] == sorted(u["username"] for u in everybody)
    pages = [admin.get("/users", params={"page": page, "per_page": 1})[0]["id"] for page in range(3)]
    assert pages == [u["id"] for u in everybody[:3]]
    assert admin.get("/users", params={"page": 1000}) == []
    assert len(admin.get("/users", params={"page": -1, "per_page": "x"})) == len(everybody)


def test_lists_of_team_and_channel(romeo, juliet, paris, team, channel, admin):
    in_team = {u["id"] for u in romeo.get("/users", params={"in_team": team["id"], "per_page": 200})}
    assert {romeo.id, juliet.id, admin.id} <= in_team and paris.id not in in_team
    in_channel = {u["id"] for u in romeo.get("/users", params={"in_channel": channel["id"]})}
    assert in_channel == {romeo.id, juliet.id, admin.id}
    outside = {u["id"] for u in admin.get("/users", params={"not_in_team": team["id"], "per_page": 200})}
    assert paris.id in outside and romeo.id not in outside
    paris.get("/users", params={"in_team": team["id"]}, expect=403)
    paris.get("/users", params={"in_channel": channel["id"]}, expect=403)


def test_users_by_ids_and_names(romeo, juliet, paris):
    assert {u["id"] for u in romeo.post("/users/ids", [juliet.id, paris.id, new_id()])} == {juliet.id, paris.id}
    assert [u["id"] for u in romeo.post("/users/usernames", ["juliet", "nobody-here"])] == [juliet.id]
    romeo.post("/users/ids", [], expect=400)
    romeo.post("/users/ids", {"not": "a list"}, expect=400)


def test_search_finds_by_prefix_of_any_name(romeo, admin, team):
    admin.put(f"/users/{admin.id}/patch", {"nickname": "亲王 Escalus"})
    for term in ("adm", "亲王", "@admin"):
        assert admin.id in {u["id"] for u in romeo.post("/users/search", {"term": term})}, term
    assert romeo.post("/users/search", {"term": "no-such-person"}) == []
    assert {u["username"] for u in romeo.post("/users/search", {"term": "r", "team_id": team["id"]})} == {"romeo"}
    romeo.post("/users/search", {"term": ""}, expect=400)
    for wild in ("%", "_", "*", "'"):
        assert romeo.post("/users/search", {"term": wild}) == [], wild


def test_autocomplete_tells_who_is_in_the_channel(romeo, juliet, admin, team, world):
    channel = admin.make_channel(team, romeo)
    answer = romeo.get("/users/autocomplete", params={"in_team": team["id"], "in_channel": channel["id"], "name": "jul"})
    assert answer["users"] == [] and [u["id"] for u in answer["out_of_channel"]] == [juliet.id]
    answer = romeo.get("/users/autocomplete", params={"in_team": team["id"], "in_channel": channel["id"], "name": "rom"})
    assert [u["id"] for u in answer["users"]] == [romeo.id]


def test_own_profile_is_changed_and_announced(romeo, juliet, sockets):
    socket = sockets(juliet)
    user = romeo.put(f"/users/{romeo.id}/patch", {"nickname": "罗密欧", "position": "heir", "first_name": "Romeo", "last_name": "Montague"})
    assert user["nickname"] == "罗密欧" and user["position"] == "heir" and user["username"] == "romeo"
    event = socket.expect("user_updated", lambda e: e["data"]["user"]["id"] == romeo.id)
    assert event["data"]["user"]["nickname"] == "罗密欧"
    assert "notify_props" not in event["data"]["user"] or not event["data"]["user"]["notify_props"]


def test_profile_of_another_is_not_mine_to_change(romeo, juliet, admin, nobody):
    path = f"/users/{juliet.id}/patch"
    nobody.put(path, {"nickname": "x"}, expect=401)
    romeo.put(path, {"nickname": "x"}, expect=403, error="api.context.permissions.app_error")
    assert admin.put(path, {"nickname": "Capulet"})["nickname"] == "Capulet"


@pytest.mark.parametrize("patch", [{"username": "juliet"}, {"username": "a b"}, {"nickname": "n" * 65}, {"first_name": "n" * 65}])
def test_bad_changes_are_refused(romeo, patch):
    romeo.put(f"/users/{romeo.id}/patch", patch, expect=400)


def test_new_email_needs_the_password(world):
    person = world.person("benvolio")
    path = f"/users/{person.id}/patch"
    person.put(path, {"email": "ben@verona.example"}, expect=400)
    assert person.put(path, {"email": "ben@verona.example", "password": "Wherefore-1597"})["email"] == "ben@verona.example"


def test_roles_of_a_user_are_the_admins(admin, romeo, world):
    person = world.person("escalus")
    romeo.put(f"/users/{person.id}/roles", {"roles": "system_admin system_user"}, expect=403)
    admin.put(f"/users/{person.id}/roles", {"roles": "no_such_role"}, expect=400)
    admin.put(f"/users/{person.id}/roles", {"roles": "system_user system_admin"})
    assert "system_admin" in admin.get(f"/users/{person.id}")["roles"]
    assert person.get("/users", params={"without_team": "true"}) is not None


def test_picture_is_made_and_replaced(romeo, juliet):
    default = juliet.get(f"/users/{romeo.id}/image", raw=True)
    assert default.headers["Content-Type"].startswith("image/") and len(default.content) > 50
    juliet.get(f"/users/{romeo.id}/image/default")
    romeo.post(f"/users/{romeo.id}/image", files={"image": ("me.png", png(), "image/png")})
    assert juliet.get(f"/users/{romeo.id}/image") != default.content
    juliet.post(f"/users/{romeo.id}/image", files={"image": ("me.png", png(), "image/png")}, expect=403)
    romeo.post(f"/users/{romeo.id}/image", files={"image": ("me.png", b"no picture", "image/png")}, expect=(400, 500))
    romeo.post(f"/users/{romeo.id}/image", data={"x": "y"}, files={"other": ("a", b"b")}, expect=400)


def test_known_and_counted(romeo, juliet, paris):
    known = romeo.get("/users/known")
    assert juliet.id in known and paris.id not in known and romeo.id not in known
    assert romeo.get("/users/stats")["total_users_count"] >= 4


def test_picture_of_nobody_is_404(romeo):
    romeo.get(f"/users/{new_id()}/image", expect=404)
