"""People of a team: coming and going, what they hear of it, roles; lists of teams."""

import pytest

from lib.client import new_id, unique


@pytest.fixture
def own_team(romeo, juliet):
    team = romeo.make_team()
    romeo.join_team(team, juliet)
    return team


def types_in_town_square(client, team):
    square = client.get(f"/teams/{team['id']}/channels/name/town-square")
    return [p["type"] for p in client.get(f"/channels/{square['id']}/posts")["posts"].values()]


def test_coming_and_going_is_told_in_town_square(romeo, juliet, paris, own_team):
    romeo.put(f"/teams/{own_team['id']}/privacy", {"privacy": "O"})
    paris.join_team(own_team, paris)
    paris.delete(f"/teams/{own_team['id']}/members/{paris.id}")
    romeo.join_team(own_team, paris)
    romeo.delete(f"/teams/{own_team['id']}/members/{paris.id}")
    told = types_in_town_square(romeo, own_team)
    for kind in ("system_join_team", "system_add_to_team", "system_leave_team", "system_remove_from_team"):
        assert kind in told


def test_leaver_is_out_of_all_channels_and_the_others_hear_it(romeo, juliet, own_team, sockets):
    channel = romeo.make_channel(own_team, juliet, kind="P")
    romeos, juliets = sockets(romeo), sockets(juliet)
    romeo.delete(f"/teams/{own_team['id']}/members/{juliet.id}")
    assert romeos.expect("leave_team")["data"] == {"team_id": own_team["id"], "user_id": juliet.id}
    assert juliets.expect("leave_team")["data"]["team_id"] == own_team["id"]
    removed = romeos.expect("user_removed", lambda e: e["broadcast"]["channel_id"] == channel["id"])
    assert removed["data"] == {"user_id": juliet.id, "remover_id": romeo.id}
    romeo.get(f"/channels/{channel['id']}/members/{juliet.id}", expect=404)
    juliet.get(f"/channels/{channel['id']}", expect=403)
    assert own_team["id"] not in {m["team_id"] for m in juliet.get("/users/me/teams/members")}
    romeo.delete(f"/teams/{own_team['id']}/members/{juliet.id}", expect=400, error="api.team.remove_user_from_team.missing.app_error")


def test_who_comes_again_starts_anew(romeo, juliet, own_team):
    romeo.put(f"/teams/{own_team['id']}/members/{juliet.id}/roles", {"roles": "team_user team_admin"})
    juliet.delete(f"/teams/{own_team['id']}/members/{juliet.id}")
    romeo.join_team(own_team, juliet)
    member = romeo.get(f"/teams/{own_team['id']}/members/{juliet.id}")
    assert member["roles"] == "team_user" and member["delete_at"] == 0


def test_graceful_batch_tells_of_each(romeo, juliet, paris, own_team):
    stranger = new_id()
    batch = [{"team_id": own_team["id"], "user_id": i} for i in (paris.id, stranger)]
    path = f"/teams/{own_team['id']}/members/batch"
    romeo.post(path, batch, expect=404)
    assert len(romeo.get(f"/teams/{own_team['id']}/members")) == 2  # nobody was added
    told = {row["user_id"]: row for row in romeo.post(path, batch, params={"graceful": "true"}, expect=201)}
    assert told[paris.id]["member"]["user_id"] == paris.id and told[paris.id]["error"] is None
    assert told[stranger]["member"] is None and told[stranger]["error"]["status_code"] == 404
    juliet.delete(f"/teams/{own_team['id']}/members/{paris.id}", expect=403)
    romeo.delete(f"/teams/{own_team['id']}/members/{paris.id}")


@pytest.mark.parametrize("batch", [{}, [{"team_id": "x"}], [{"user_id": "x"}], [1]])
def test_bad_batches_are_refused(romeo, own_team, batch):
    romeo.post(f"/teams/{own_team['id']}/members/batch", batch, expect=400)


def test_batch_is_for_those_who_may_add(juliet, paris, own_team):
    batch = [{"team_id": own_team["id"], "user_id": paris.id}] * 2
    paris.post(f"/teams/{own_team['id']}/members/batch", batch, expect=403)


def test_admin_is_made_by_scheme_role_and_hears_it(romeo, juliet, paris, own_team, sockets):
    socket = sockets(juliet)
    path = f"/teams/{own_team['id']}/members/{juliet.id}/schemeRoles"
    juliet.put(path, {"scheme_admin": True, "scheme_user": True}, expect=403)
    romeo.put(path, {"scheme_admin": True, "scheme_user": True})
    assert socket.expect("memberrole_updated")["data"]["member"]["roles"] == "team_user team_admin"
    juliet.put(f"/teams/{own_team['id']}/patch", {"description": "mine too"})
    romeo.put(path, {"scheme_admin": False, "scheme_user": False}, expect=400)
    romeo.put(path, {"scheme_admin": "yes"}, expect=400)
    romeo.put(f"/teams/{own_team['id']}/members/{paris.id}/schemeRoles", {"scheme_user": True}, expect=404)


@pytest.mark.parametrize("roles", ["", "team_admin", "team_guest", "team_user team_guest", "team_user system_admin", "team_user channel_admin", "team_user nothing", 7, None])
def test_roles_that_do_not_fit_are_refused(romeo, juliet, own_team, roles):
    romeo.put(f"/teams/{own_team['id']}/members/{juliet.id}/roles", {"roles": roles}, expect=400)


def test_members_come_by_name_and_by_page(romeo, juliet, paris, own_team):
    romeo.join_team(own_team, paris)
    names = {romeo.id: "romeo", juliet.id: "juliet", paris.id: "paris"}
    path = f"/teams/{own_team['id']}/members"
    assert [names[m["user_id"]] for m in romeo.get(path, params={"sort": "Username"})] == ["juliet", "paris", "romeo"]
    assert len(romeo.get(path, params={"page": 1, "per_page": 2})) == 1
    romeo.post(path + "/ids", [], expect=400)
    romeo.post(path + "/ids", ["x"], expect=400)


def test_deactivated_people_are_left_out_when_asked(admin, world, own_team):
    person = world.person(unique("tybalt"))
    admin.join_team(own_team, person)
    path = f"/teams/{own_team['id']}"
    before = admin.get(path + "/stats")
    admin.put(f"/users/{person.id}/active", {"active": False})
    after = admin.get(path + "/stats")
    assert (after["total_member_count"], after["active_member_count"]) == (before["total_member_count"], before["active_member_count"] - 1)
    assert person.id in {m["user_id"] for m in admin.get(path + "/members")}
    assert person.id not in {m["user_id"] for m in admin.get(path + "/members", params={"exclude_deleted_users": "true"})}


def test_full_team_takes_nobody(start_server, driver):
    from lib.world import World
    server = start_server(driver, {"TeamSettings.MaxUsersPerTeam": 3})
    try:
        world = World(server)
        body = {"team_id": world.team["id"], "user_id": world.paris.id}
        world.admin.post(f"/teams/{world.team['id']}/members", body, expect=400, error="app.team.join_user_to_team.max_accounts.app_error")
    finally:
        server.close()


def test_teams_are_listed_by_right_and_page(admin, romeo, paris, nobody):
    opened, closed = romeo.make_team(allow_open_invite=True), romeo.make_team(allow_open_invite=False)
    listed = {t["id"] for t in paris.get("/teams", params={"per_page": 200})}
    assert opened["id"] in listed and closed["id"] not in listed
    everything = {t["id"]: t for t in admin.get("/teams", params={"per_page": 200})}
    assert {opened["id"], closed["id"]} <= everything.keys() and everything[closed["id"]]["invite_id"]
    counted = admin.get("/teams", params={"per_page": 1, "include_total_count": "true"})
    assert len(counted["teams"]) == 1 and counted["total_count"] >= 2
    nobody.get("/teams", expect=401)
    hidden = paris.post("/teams/search", {"term": opened["name"]})
    assert hidden[0]["invite_id"] == "" and hidden[0]["email"] == ""
    paged = admin.post("/teams/search", {"term": opened["name"], "page": 0, "per_page": 10})
    assert paged["total_count"] == 1 and paged["teams"][0]["id"] == opened["id"]
    for bad in ({"term": 7}, [], {"term": "x", "page": "y"}):
        paris.post("/teams/search", bad, expect=400)


def test_team_is_destroyed_only_by_who_manages_the_system(admin, romeo, juliet, own_team):
    channel = romeo.make_channel(own_team, juliet)
    romeo.say(channel, "soon gone")
    romeo.delete(f"/teams/{own_team['id']}", params={"permanent": "true"}, expect=403)
    admin.delete(f"/teams/{own_team['id']}", params={"permanent": "true"})
    admin.get(f"/teams/{own_team['id']}", expect=404)
    admin.get(f"/channels/{channel['id']}", expect=404)


def test_restored_team_is_there_again(romeo, juliet, own_team, sockets):
    socket = sockets(juliet)
    romeo.delete(f"/teams/{own_team['id']}")
    romeo.post("/channels", {"team_id": own_team["id"], "name": unique("c"), "display_name": "C", "type": "O"}, expect=404)
    juliet.post(f"/teams/{own_team['id']}/restore", expect=403)
    romeo.post(f"/teams/{own_team['id']}/restore")
    assert socket.expect("restore_team")["data"]["team"]["delete_at"] == 0
    assert own_team["id"] in {t["id"] for t in juliet.get("/users/me/teams")}


def test_closing_a_team_changes_its_link(romeo, juliet, own_team, nobody):
    closed = romeo.put(f"/teams/{own_team['id']}/privacy", {"privacy": "I"})
    assert closed["type"] == "I" and closed["invite_id"] != own_team["invite_id"]
    nobody.get(f"/teams/invite/{closed['invite_id']}", expect=403, error="api.team.get_invite_info.not_open_team")
    assert juliet.get(f"/teams/name/{own_team['name']}")["type"] == "I"


@pytest.mark.parametrize("name", ["%00", "%ff", "%27"])
def test_odd_bytes_in_names_are_no_server_error(romeo, team, name):
    for path in (f"/teams/name/{name}", f"/teams/name/{name}/exists", f"/teams/{team['id']}/channels/name/{name}",
                 f"/teams/{team['id']}/channels/autocomplete?name={name}"):
        romeo.get(path, expect=(200, 400, 404))
