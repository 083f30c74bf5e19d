"""Lists of users: every filter and order, who may ask, and what guests see."""

import pytest

from lib.client import new_id, unique


def names(users):
    return [user["username"] for user in users]


def listed(client, **params):
    return names(client.get("/users", params={"per_page": 200, **params}))


@pytest.fixture(scope="module")
def settings():
    return {"ServiceSettings.EnableUserAccessTokens": True}


def test_team_and_channel_choose(romeo, admin, world, team, channel):
    person = world.person(unique("peter"))
    admin.join_team(team, person)
    assert person.username in listed(romeo, in_team=team["id"]) and person.username not in listed(romeo, in_channel=channel["id"])
    assert person.username in listed(romeo, in_team=team["id"], not_in_channel=channel["id"])
    assert "romeo" not in listed(romeo, in_team=team["id"], not_in_channel=channel["id"])


def test_people_without_a_team_are_for_admins(romeo, admin):
    assert "paris" in listed(admin, without_team="true") and "romeo" not in listed(admin, without_team="true")
    romeo.get("/users", params={"without_team": "true"}, expect=403)


def test_deactivated_ones_are_chosen_or_left_out(admin, world):
    person = world.person(unique("samson"))
    admin.put(f"/users/{person.id}/active", {"active": False})
    assert person.username in listed(admin) and person.username not in listed(admin, active="true")
    inactive = listed(admin, inactive="true")
    assert person.username in inactive and "romeo" not in inactive
    admin.get("/users", params={"active": "true", "inactive": "true"}, expect=400)


def test_roles_choose(admin, world, team):
    nurse = world.nurse
    assert listed(admin, role="system_admin") == ["admin"]
    assert "romeo" in listed(admin, roles="system_user,system_guest")
    in_team = listed(admin, in_team=team["id"], team_roles="team_admin")
    assert nurse.username in in_team and "romeo" not in in_team
    admin.get("/users", params={"role": "a role"}, expect=400)
    assert listed(admin, role="no_such_role") == []


def test_orders(admin, romeo, team, channel, sockets):
    assert listed(romeo, in_team=team["id"], sort="username") == sorted(listed(romeo, in_team=team["id"]))
    newest = listed(romeo, in_team=team["id"], sort="create_at")
    assert sorted(newest) == listed(romeo, in_team=team["id"]) and newest.index("juliet") < newest.index("romeo")
    assert len(listed(romeo, in_team=team["id"], sort="last_activity_at")) == len(newest)
    sockets(romeo)
    assert listed(romeo, in_channel=channel["id"], sort="status")[0] == "romeo"
    assert listed(romeo, in_channel=channel["id"], sort="admin")[0] == "admin"


@pytest.mark.parametrize("params", [{"sort": "beauty"}, {"sort": "create_at"}, {"sort": "status"}, {"in_team": "short"},
                                    {"in_team": "';--"}, {"not_in_channel": "z" * 26}])
def test_bad_questions_are_refused(admin, params):
    admin.get("/users", params=params, expect=400)


def test_lists_need_the_right_to_look_there(paris, nobody, admin, team, channel):
    paris.get("/users", params={"in_team": team["id"]}, expect=403)
    paris.get("/users", params={"not_in_team": team["id"]}, expect=403)
    paris.get("/users", params={"in_team": new_id()}, expect=403)
    nobody.get("/users", expect=401)
    admin.get("/users", params={"in_channel": new_id()}, expect=404)


def test_pages_of_an_order_do_not_overlap(admin, channel):
    whole = listed(admin, in_channel=channel["id"], sort="status")
    pages = [names(admin.get("/users", params={"in_channel": channel["id"], "sort": "status", "page": p, "per_page": 1})) for p in range(4)]
    assert sum(pages, []) == whole


def test_guests_see_only_whom_they_share_a_channel_with(guest, romeo, paris, world):
    seen = listed(guest)
    assert "romeo" in seen and "paris" not in seen
    guest.get(f"/users/{romeo.id}")
    guest.get(f"/users/{paris.id}", expect=403, error="api.context.permissions.app_error")
    guest.get("/users/username/paris", expect=404)
    assert names(guest.post("/users/ids", [romeo.id, paris.id])) == ["romeo"]
    assert guest.post("/users/search", {"term": "paris"}) == []


def test_search_limits_and_rights(romeo, paris, admin, team, channel):
    assert len(romeo.post("/users/search", {"term": "romeo", "limit": 1})) == 1
    romeo.post("/users/search", {"term": "r", "limit": 1001}, expect=400)
    romeo.post("/users/search", {"term": "r", "limit": "many"}, expect=400)
    romeo.post("/users/search", {"term": "r", "not_in_channel_id": channel["id"]}, expect=400)
    paris.post("/users/search", {"term": "r", "team_id": team["id"]}, expect=403)
    romeo.post("/users/search", {"term": 5}, expect=400)
    romeo.post("/users/search", [], expect=400)


def test_search_needs_all_words_and_knows_names_and_addresses(world, romeo):
    person = world.person(unique("benvolio"))
    person.put(f"/users/{person.id}/patch", {"first_name": "王", "last_name": "Benvolio", "nickname": "北窗 Ben"})
    for term in ("北窗", "窗", "BEN", "benvolio 北", "王", f"{person.username}@verona", "Ｂｅｎ"):
        assert person.username in names(romeo.post("/users/search", {"term": term})), term
    for term in ("benvolio 南", "envolio", "verona.example"):
        assert person.username not in names(romeo.post("/users/search", {"term": term})), term


def test_deactivated_ones_are_searched_only_on_request(world, admin, romeo):
    person = world.person(unique("gregory"))
    admin.put(f"/users/{person.id}/active", {"active": False})
    assert romeo.post("/users/search", {"term": person.username}) == []
    assert names(romeo.post("/users/search", {"term": person.username, "allow_inactive": True})) == [person.username]


def test_completion_without_a_name_offers_the_first(romeo, team, channel):
    answer = romeo.get("/users/autocomplete", params={"in_team": team["id"], "in_channel": channel["id"], "limit": 2})
    assert len(answer["users"]) == 2 and len(answer["out_of_channel"]) <= 2
    assert "out_of_channel" not in romeo.get("/users/autocomplete", params={"in_team": team["id"], "name": "rom"})


def test_others_of_group_messages(romeo, juliet, admin, paris):
    group = romeo.post("/channels/group", [romeo.id, juliet.id, admin.id], expect=201)
    answer = romeo.post("/users/group_channels", [group["id"], new_id()])
    assert answer.keys() == {group["id"]} and set(names(answer[group["id"]])) == {"juliet", "admin"}
    assert paris.post("/users/group_channels", [group["id"]]) == {}


def test_by_ids_since(romeo, juliet):
    assert romeo.post("/users/ids", [juliet.id], params={"since": juliet.get("/users/me")["update_at"]}) == []
    assert len(romeo.post("/users/ids", [juliet.id], params={"since": 1})) == 1


def test_filtered_count(admin, romeo, team):
    assert admin.get("/users/stats/filtered", params={"in_team": team["id"]})["total_users_count"] >= 3
    assert admin.get("/users/stats/filtered", params={"roles": "system_admin"})["total_users_count"] == 1
    romeo.get("/users/stats/filtered", expect=403)


def test_chinese_names_are_found_by_pinyin_and_initials(world, romeo):
    person = world.person(unique("goose"))
    person.put(f"/users/{person.id}/patch", {"nickname": "鸿雁"})
    for term in ("hongyan", "hy", "yan", "HongY"):
        assert person.username in names(romeo.post("/users/search", {"term": term})), term
        assert person.username in names(romeo.get("/users/autocomplete", params={"name": term})["users"]), term
