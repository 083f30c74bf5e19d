"""Accounts: whole updates, roles, deactivation, deletion, access tokens, sessions and devices, audit records."""

import pytest

from lib.client import PASSWORD, new_id, unique


@pytest.fixture
def person(world):
    return world.person(unique("balthasar"))


def test_whole_update_empties_what_is_left_out(person):
    me = person.get("/users/me")
    person.put(f"/users/{person.id}/patch", {"nickname": "Baldo", "position": "servant"})
    user = person.put(f"/users/{person.id}", {"id": person.id, "username": me["username"], "email": me["email"], "nickname": "B"})
    assert (user["nickname"], user["position"]) == ("B", "") and user["notify_props"] == me["notify_props"]
    assert user["roles"] == "system_user"


def test_whole_update_names_its_user(person, romeo):
    body = {"id": romeo.id, "username": person.username, "email": person.user["email"]}
    person.put(f"/users/{person.id}", body, expect=400)
    person.put(f"/users/{romeo.id}", body, expect=403)


def test_notify_props_are_merged(person):
    before = person.get("/users/me")["notify_props"]
    after = person.put(f"/users/{person.id}/patch", {"notify_props": {"email": "false", "mention_keys": "goose"}})["notify_props"]
    assert after == {**before, "email": "false", "mention_keys": "goose"}


@pytest.mark.parametrize("patch", [{"notify_props": {"email": True}}, {"props": {"a": 1}}, {"timezone": []}, {"locale": "e n"},
                                   {"username": 5}, {"email": "x", "password": PASSWORD}, {"nickname": None, "email": "a@b c"}])
def test_values_of_the_wrong_kind_are_refused(person, patch):
    person.put(f"/users/{person.id}/patch", patch, expect=400)


def test_wrong_password_does_not_change_the_address(person):
    person.put(f"/users/{person.id}/patch", {"email": f"{person.username}@mantua.example", "password": "wrong-one-1"}, expect=400)
    assert person.get("/users/me")["email"] == person.user["email"]


def test_admin_changes_an_address_without_its_owner_s_password(admin, person):
    assert admin.put(f"/users/{person.id}/patch", {"email": f"{person.username}@mantua.example"})["email"].endswith("@mantua.example")
    admin.put(f"/users/{person.id}/patch", {"email": "romeo@verona.example"}, expect=400, error="app.user.save.email_exists.app_error")


def test_roles_are_told_to_their_owner_and_count_at_once(admin, person, sockets):
    socket = sockets(person)
    person.get("/audits", expect=403)
    admin.put(f"/users/{person.id}/roles", {"roles": "system_user system_admin"})
    event = socket.expect("user_role_updated", lambda e: e["data"]["user_id"] == person.id)
    assert event["data"]["roles"] == "system_user system_admin"
    person.get("/audits")
    admin.put(f"/users/{person.id}/roles", {"roles": "system_user"})
    person.get("/audits", expect=403)


def test_last_admin_stays(admin):
    admin.put(f"/users/{admin.id}/roles", {"roles": "system_user"}, expect=400, error="app.user.update.lastAdmin.app_error")
    admin.delete(f"/users/{admin.id}", expect=400)
    for roles in ("", "system_admin", "no_such_role system_user"):
        admin.put(f"/users/{admin.id}/roles", {"roles": roles}, expect=400)


def test_deactivation_is_not_one_s_own_by_default(person, romeo, admin):
    person.put(f"/users/{person.id}/active", {"active": False}, expect=401, error="api.user.update_active.not_enable.app_error")
    person.delete(f"/users/{person.id}", expect=401)
    romeo.put(f"/users/{person.id}/active", {"active": False}, expect=403)
    romeo.delete(f"/users/{person.id}", expect=403)
    admin.put(f"/users/{person.id}/active", {}, expect=400)
    admin.put(f"/users/{new_id()}/active", {"active": False}, expect=404)


def test_deactivation_closes_sockets_and_is_told(admin, person, romeo, sockets):
    watcher, own = sockets(romeo), person.socket()
    admin.delete(f"/users/{person.id}")
    watcher.expect("user_updated", lambda e: e["data"]["user"]["id"] == person.id and e["data"]["user"]["delete_at"] > 0)
    own.wait_closed()


def test_erased_account_is_gone_and_its_messages_stay(admin, person, team, channel, romeo):
    admin.join_team(team, person)
    admin.post(f"/channels/{channel['id']}/members", {"user_id": person.id}, expect=201)
    post = person.say(channel, "news from Verona")
    admin.delete(f"/users/{person.id}", params={"permanent": "true"})
    admin.get(f"/users/{person.id}", expect=404)
    person.get("/users/me", expect=401)
    assert romeo.get(f"/posts/{post['id']}")["message"] == "news from Verona"
    romeo.clone().sign_up(person.username)


# ---- access tokens ----

def test_access_token_sleeps_and_wakes(admin, world):
    made = admin.post(f"/users/{admin.id}/tokens", {"description": "for the night"})
    client = admin.clone()
    client.token = made["token"]
    client.get("/users/me")
    admin.post("/users/tokens/disable", {"token_id": made["id"]})
    client.get("/users/me", expect=401)
    assert admin.get(f"/users/tokens/{made['id']}")["is_active"] is False
    admin.post("/users/tokens/enable", {"token_id": made["id"]})
    client.get("/users/me")
    assert made["id"] in {t["id"] for t in admin.post("/users/tokens/search", {"term": "adm"})}
    admin.post(f"/users/{admin.id}/sessions/revoke/all")
    world.admin.log_in("admin")
    client.get("/users/me")
    admin.post("/users/tokens/revoke", {"token_id": made["id"]})
    client.get("/users/me", expect=401)


@pytest.mark.parametrize("body", [{"description": ""}, {"description": "d" * 256}, {"description": 5}, {}])
def test_access_tokens_need_a_description(admin, body):
    admin.post(f"/users/{admin.id}/tokens", body, expect=400)


def test_access_tokens_of_others_are_not_mine(romeo, admin):
    made = admin.post(f"/users/{admin.id}/tokens", {"description": "mine"})
    romeo.get(f"/users/tokens/{made['id']}", expect=403)
    romeo.get(f"/users/{admin.id}/tokens", expect=403)
    romeo.get("/users/tokens", expect=403)
    romeo.post("/users/tokens/revoke", {"token_id": made["id"]}, expect=403)
    romeo.post("/users/tokens/search", {"term": "a"}, expect=403)
    admin.post("/users/tokens/revoke", {"token_id": new_id()}, expect=404)
    admin.post("/users/tokens/revoke", {}, expect=400)


# ---- sessions ----

def test_one_session_is_ended_with_its_sockets(person):
    other = person.clone().log_in(person.username)
    socket = other.socket()
    mine = {s["id"] for s in person.get("/users/me/sessions")}
    fresh = max(mine)
    person.post("/users/me/sessions/revoke", {"session_id": fresh})
    socket.wait_closed()
    other.get("/users/me", expect=401)
    person.get("/users/me")
    person.post("/users/me/sessions/revoke", {"session_id": new_id()}, expect=400)
    person.post("/users/me/sessions/revoke", {"session_id": 5}, expect=400)


def test_session_of_another_is_not_mine_to_end(person, romeo):
    session = romeo.get("/users/me/sessions")[0]
    person.post(f"/users/{romeo.id}/sessions/revoke", {"session_id": session["id"]}, expect=403)
    person.post("/users/me/sessions/revoke", {"session_id": session["id"]}, expect=400)
    person.post("/users/sessions/revoke/all", expect=403)


def test_device_belongs_to_one_session(person):
    other = person.clone().log_in(person.username)
    for client in (person, other):
        client.put("/users/sessions/device", {"device_id": "apple_rn-v2:abcdef", "mobileVersion": "2.30.0"})
    person.get("/users/me", expect=401)
    session, = other.get("/users/me/sessions")
    assert session["device_id"] == "apple_rn-v2:abcdef" and session["props"]["mobile_version"] == "2.30.0"
    other.put("/users/sessions/device", {}, expect=400)
    other.put("/users/sessions/device", {"device_id": "d" * 513}, expect=400)


def test_session_tells_the_browser(nobody, person):
    nobody.post("/users/login", {"login_id": person.username, "password": PASSWORD},
                headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"})
    props = person.get("/users/me/sessions")[0]["props"]
    assert (props["platform"], props["os"], props["browser"]) == ("Linux", "Linux", "Firefox/128.0") and "csrf" not in props


def test_password_change_ends_the_other_sessions(person):
    other = person.clone().log_in(person.username)
    person.put(f"/users/{person.id}/password", {"current_password": PASSWORD, "new_password": "A-new-one-99"})
    person.get("/users/me")
    other.get("/users/me", expect=401)


def test_admin_sets_a_password_without_knowing_the_old(admin, person, nobody):
    person.put(f"/users/{admin.id}/password", {"new_password": "A-new-one-99"}, expect=403)
    admin.put(f"/users/{person.id}/password", {"new_password": "A-new-one-99"})
    person.get("/users/me", expect=401)
    nobody.clone().log_in(person.username, "A-new-one-99")
    admin.put(f"/users/{person.id}/password", {"new_password": "A-new-one-99", "already_hashed": True}, expect=401)


def test_audit_records_are_read_by_their_user_and_admins(person, romeo, admin):
    actions = {a["action"] for a in person.get(f"/users/{person.id}/audits")}
    assert "user.login" in actions
    romeo.get(f"/users/{person.id}/audits", expect=403)
    romeo.get("/audits", expect=403)
    assert len(admin.get("/audits", params={"per_page": 3})) == 3


def test_how_an_account_signs_in_does_not_tell_whether_it_is_there(nobody):
    here, gone = (nobody.post("/users/login/type", {"login_id": name}) for name in ("romeo", "no-such-person"))
    assert here == gone == {"auth_service": ""}
    nobody.post("/users/login/type", {}, expect=400)


def test_address_is_verified_by_an_admin(admin, person, romeo):
    assert admin.post(f"/users/{person.id}/email/verify/member")["email_verified"] is True
    romeo.post(f"/users/{person.id}/email/verify/member", expect=403)
