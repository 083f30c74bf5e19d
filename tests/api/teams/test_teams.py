"""Teams: making, reading, changing, members, invitations."""

import pytest

from lib.client import new_id, unique


def test_team_is_made_with_its_default_channels(romeo):
    team = romeo.make_team(description="of old", display_name="蒙太古 Montague")
    assert team["type"] == "O" and team["display_name"] == "蒙太古 Montague" and len(team["invite_id"]) == 26
    assert {c["name"] for c in romeo.get(f"/users/me/teams/{team['id']}/channels")} == {"town-square", "off-topic"}
    member = romeo.get(f"/teams/{team['id']}/members/{romeo.id}")
    assert member["scheme_admin"] and "team_admin" in member["roles"]


def test_taken_name_is_refused_also_after_archiving(romeo):
    team = romeo.make_team()
    body = {"name": team["name"], "display_name": "Again", "type": "O"}
    romeo.post("/teams", body, expect=400, error="store.sql_team.save_team.existing.app_error")
    romeo.delete(f"/teams/{team['id']}")
    romeo.post("/teams", body, expect=400)


@pytest.mark.parametrize("fields", [{"name": "a"}, {"name": "With-Capital"}, {"name": "with space"}, {"name": "n" * 65}, {"name": "admin"},
                                    {"name": "login-team"}, {"display_name": ""}, {"display_name": "d" * 65}, {"description": "d" * 256}, {"type": "X"}])
def test_bad_teams_are_refused(romeo, fields):
    romeo.post("/teams", {"name": unique("t"), "display_name": "T", "type": "O", **fields}, expect=400)


def test_name_is_asked_whether_it_exists(romeo, team):
    assert romeo.get(f"/teams/name/{team['name']}/exists") == {"exists": True}
    assert romeo.get("/teams/name/no-such-team/exists") == {"exists": False}


def test_team_is_read_by_members_only(romeo, paris, nobody, admin):
    team = admin.make_team(allow_open_invite=False)
    admin.join_team(team, romeo)
    assert romeo.get(f"/teams/{team['id']}")["name"] == team["name"]
    assert romeo.get(f"/teams/name/{team['name']}")["id"] == team["id"]
    paris.get(f"/teams/{team['id']}", expect=403, error="api.context.permissions.app_error")
    paris.get(f"/teams/name/{team['name']}", expect=(403, 404))
    nobody.get(f"/teams/{team['id']}", expect=401)
    romeo.get(f"/teams/{new_id()}", expect=404)


def test_email_and_invitation_are_for_those_who_may_use_them(romeo, admin, team):
    assert admin.get(f"/teams/{team['id']}")["invite_id"]
    assert romeo.get(f"/teams/{team['id']}")["email"] == ""


def test_my_teams_and_memberships(romeo, paris, team):
    assert team["id"] in {t["id"] for t in romeo.get("/users/me/teams")}
    mine = {m["team_id"]: m for m in romeo.get("/users/me/teams/members")}
    assert mine[team["id"]]["user_id"] == romeo.id and mine[team["id"]]["delete_at"] == 0
    assert paris.get("/users/me/teams") == []
    paris.get(f"/users/{romeo.id}/teams", expect=403)


def test_team_is_changed_by_its_admin_and_announced(world, romeo, juliet, sockets):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    socket = sockets(juliet)
    changed = romeo.put(f"/teams/{team['id']}/patch", {"display_name": "House of 蒙太古", "description": "new"})
    assert changed["display_name"] == "House of 蒙太古" and changed["name"] == team["name"]
    heard = socket.expect("update_team", lambda e: e["data"]["team"]["id"] == team["id"])
    assert heard["data"]["team"]["display_name"] == "House of 蒙太古" and heard["data"]["team"]["invite_id"] == ""
    juliet.put(f"/teams/{team['id']}/patch", {"display_name": "Mine"}, expect=403)
    romeo.put(f"/teams/{team['id']}", {**changed, "id": new_id()}, expect=400)
    romeo.put(f"/teams/{team['id']}/patch", {"display_name": "d" * 65}, expect=400)


def test_privacy_follows_the_admin(romeo, paris):
    team = romeo.make_team()
    assert romeo.put(f"/teams/{team['id']}/privacy", {"privacy": "O"})["allow_open_invite"] is True
    assert team["id"] in {t["id"] for t in paris.get("/teams", params={"per_page": 200})}
    romeo.put(f"/teams/{team['id']}/privacy", {"privacy": "I"})
    assert team["id"] not in {t["id"] for t in paris.get("/teams", params={"per_page": 200})}
    romeo.put(f"/teams/{team['id']}/privacy", {"privacy": "?"}, expect=400)
    paris.put(f"/teams/{team['id']}/privacy", {"privacy": "O"}, expect=403)


def test_joining_an_open_team_by_oneself(romeo, paris):
    team = romeo.make_team(allow_open_invite=True)
    paris.join_team(team, paris)
    assert {c["name"] for c in paris.get(f"/users/me/teams/{team['id']}/channels")} == {"town-square", "off-topic"}
    paris.delete(f"/teams/{team['id']}/members/{paris.id}")
    paris.get(f"/teams/{team['id']}/members", expect=403)


def test_closed_team_is_joined_only_by_being_added(romeo, juliet, paris):
    team = romeo.make_team(allow_open_invite=False)
    body = {"team_id": team["id"], "user_id": paris.id}
    paris.post(f"/teams/{team['id']}/members", body, expect=403)
    juliet.post(f"/teams/{team['id']}/members", body, expect=403)
    romeo.post(f"/teams/{team['id']}/members", body, expect=201)
    romeo.post(f"/teams/{team['id']}/members", body, expect=201)  # again: nothing changes
    assert len(romeo.get(f"/teams/{team['id']}/members")) == 2
    romeo.delete(f"/teams/{team['id']}/members/{paris.id}")


def test_added_member_hears_of_it(romeo, paris, sockets):
    team = romeo.make_team()
    socket = sockets(paris)
    romeo.join_team(team, paris)
    assert socket.expect("added_to_team", lambda e: e["data"]["team_id"] == team["id"])["data"]["user_id"] == paris.id
    romeo.delete(f"/teams/{team['id']}/members/{paris.id}")
    assert socket.expect("leave_team", lambda e: e["data"]["team_id"] == team["id"])["data"]["user_id"] == paris.id


def test_bad_members_are_refused(romeo, paris):
    team = romeo.make_team()
    romeo.post(f"/teams/{team['id']}/members", {"team_id": new_id(), "user_id": paris.id}, expect=400)
    romeo.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": "x"}, expect=400)
    romeo.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": new_id()}, expect=404)
    romeo.post(f"/teams/{new_id()}/members", {"team_id": new_id(), "user_id": paris.id}, expect=(400, 403, 404))


def test_many_are_added_in_a_batch(romeo, juliet, paris):
    team = romeo.make_team()
    batch = [{"team_id": team["id"], "user_id": who.id} for who in (juliet, paris)]
    assert {m["user_id"] for m in romeo.post(f"/teams/{team['id']}/members/batch", batch, expect=201)} == {juliet.id, paris.id}
    assert {m["user_id"] for m in romeo.post(f"/teams/{team['id']}/members/ids", [juliet.id, new_id()])} == {juliet.id}
    romeo.post(f"/teams/{team['id']}/members/batch", [], expect=400)
    paris.delete(f"/teams/{team['id']}/members/{paris.id}")


def test_members_are_listed_for_members(romeo, juliet, paris, team):
    assert {romeo.id, juliet.id} <= {m["user_id"] for m in romeo.get(f"/teams/{team['id']}/members")}
    paris.get(f"/teams/{team['id']}/members", expect=403)
    stats = romeo.get(f"/teams/{team['id']}/stats")
    assert stats["team_id"] == team["id"] and stats["total_member_count"] >= 3
    romeo.get(f"/teams/{team['id']}/members/{paris.id}", expect=404)


def test_member_may_not_remove_another(romeo, juliet, team):
    juliet.delete(f"/teams/{team['id']}/members/{romeo.id}", expect=403)


def test_roles_in_a_team_are_its_admins(romeo, juliet, paris):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    path = f"/teams/{team['id']}/members/{juliet.id}/roles"
    juliet.put(path, {"roles": "team_user team_admin"}, expect=403)
    romeo.put(path, {"roles": "team_user team_admin"})
    assert romeo.get(f"/teams/{team['id']}/members/{juliet.id}")["scheme_admin"]
    romeo.put(path, {"roles": "no_such_role"}, expect=400)


def test_invitation_link_shows_the_team_and_lets_in(romeo, paris, nobody, admin):
    team = romeo.make_team()
    shown = nobody.get(f"/teams/invite/{team['invite_id']}")
    assert shown["id"] == team["id"] and shown["name"] == team["name"] and not shown.get("invite_id")
    nobody.get(f"/teams/invite/{new_id()}", expect=404)
    paris.post("/teams/members/invite", params={"invite_id": new_id()}, expect=404)
    paris.post("/teams/members/invite", expect=400)
    assert paris.post("/teams/members/invite", params={"invite_id": team["invite_id"]}, expect=201)["user_id"] == paris.id
    paris.delete(f"/teams/{team['id']}/members/{paris.id}")


def test_new_invitation_closes_the_old(romeo, juliet, paris):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    juliet.post(f"/teams/{team['id']}/regenerate_invite_id", expect=403)
    fresh = romeo.post(f"/teams/{team['id']}/regenerate_invite_id")
    assert fresh["invite_id"] != team["invite_id"]
    paris.post("/teams/members/invite", params={"invite_id": team["invite_id"]}, expect=404)


def test_signing_up_with_an_invitation_joins_the_team(romeo, nobody):
    team = romeo.make_team()
    name = unique("peter")
    body = {"email": f"{name}@verona.example", "username": name, "password": "Wherefore-1597"}
    nobody.post("/users", body, params={"iid": team["invite_id"]}, expect=201)
    client = nobody.clone().log_in(name)
    assert [t["id"] for t in client.get("/users/me/teams")] == [team["id"]]
    nobody.post("/users", {**body, "username": unique("x"), "email": f"{unique('x')}@verona.example"}, params={"iid": new_id()}, expect=404)


def test_archived_team_is_gone_until_restored(romeo, juliet, sockets):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    socket = sockets(juliet)
    juliet.delete(f"/teams/{team['id']}", expect=403)
    romeo.delete(f"/teams/{team['id']}")
    socket.expect("delete_team", lambda e: e["data"]["team"]["id"] == team["id"])
    assert team["id"] not in {t["id"] for t in juliet.get("/users/me/teams")}
    romeo.post(f"/teams/{team['id']}/restore", expect=(200, 403))


def test_teams_are_searched(romeo, paris):
    team = romeo.make_team(unique("forli"), display_name="弗利 Forli", allow_open_invite=True)
    closed = romeo.make_team(unique("forli"), display_name="Forli closed", allow_open_invite=False)
    found = {t["id"] for t in paris.post("/teams/search", {"term": "forli"})}
    assert team["id"] in found and closed["id"] not in found
    assert team["id"] in {t["id"] for t in paris.post("/teams/search", {"term": "弗利"})}
    assert paris.post("/teams/search", {"term": "%"}) == []


def test_unread_of_teams_counts(romeo, juliet):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    channel = romeo.make_channel(team, juliet)
    for mine in juliet.get(f"/users/me/teams/{team['id']}/channels"):  # being added is a mention
        juliet.post("/channels/members/me/view", {"channel_id": mine["id"]})
    romeo.say(channel, "look @juliet")
    row = [r for r in juliet.get("/users/me/teams/unread", params={"include_collapsed_threads": "true"}) if r["team_id"] == team["id"]][0]
    assert row["mention_count"] == 1 and row["msg_count"] >= 1
    one = juliet.get(f"/users/me/teams/{team['id']}/unread")
    assert one["team_id"] == team["id"] and one["mention_count"] == 1
    others = juliet.get("/users/me/teams/unread", params={"exclude_team": team["id"]})
    assert team["id"] not in {r["team_id"] for r in others}


def test_icon_of_a_team_without_one_is_404(romeo, team):
    romeo.get(f"/teams/{team['id']}/image", expect=404)
