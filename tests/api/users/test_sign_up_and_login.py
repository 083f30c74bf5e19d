"""Users: signing up, logging in and out, sessions, passwords."""

import pytest

from lib.client import PASSWORD, new_id, unique

BAD_LOGIN = "api.user.login.invalid_credentials_email_username"


def fresh(**fields):
    name = unique("tybalt")
    return {"email": f"{name}@verona.example", "username": name, "password": PASSWORD, **fields}


def test_sign_up_answers_the_user_without_secrets(nobody):
    body = fresh(first_name="Tybalt", nickname="提伯尔特", locale="zh-CN")
    user = nobody.post("/users", body, expect=201)
    assert user["username"] == body["username"] and user["email"] == body["email"]
    assert user["first_name"] == "Tybalt" and user["nickname"] == "提伯尔特" and user["locale"] == "zh-CN"
    assert user["roles"] == "system_user" and user["delete_at"] == 0
    assert not user.get("password") and not user.get("mfa_secret")
    assert user["notify_props"]["email"] == "true" and user["notify_props"]["push"] == "mention"


def test_names_are_lowered(nobody):
    body = fresh()
    user = nobody.post("/users", {**body, "username": body["username"].upper(), "email": body["email"].upper()}, expect=201)
    assert (user["username"], user["email"]) == (body["username"], body["email"])


def test_taken_name_and_email_say_already_exists(nobody):
    one = fresh()
    nobody.post("/users", one, expect=201)
    told = nobody.post("/users", fresh(username=one["username"]), expect=400, error="app.user.save.username_exists.app_error")
    assert "already exists" in told["message"]
    told = nobody.post("/users", fresh(email=one["email"].upper()), expect=400, error="app.user.save.email_exists.app_error")
    assert "already exists" in told["message"]


@pytest.mark.parametrize("fields, error", [
    ({"email": "no-at-sign"}, "model.user.is_valid.email.app_error"),
    ({"email": ""}, "model.user.is_valid.email.app_error"),
    ({"email": "a" * 125 + "@x.example"}, "model.user.is_valid.email.app_error"),
    ({"username": "with space"}, "model.user.is_valid.username.app_error"),
    ({"username": "a" * 65}, "model.user.is_valid.username.app_error"),
    ({"username": "all"}, "model.user.is_valid.username.app_error"),
    ({"username": "鸿雁"}, "model.user.is_valid.username.app_error"),
    ({"password": "short"}, "model.user.is_valid.pwd_min_length.app_error"),
    ({"password": "p" * 73}, "model.user.is_valid.pwd_max_length.app_error"),
    ({"nickname": "n" * 65}, "model.user.is_valid.nickname.app_error"),
    ({"first_name": "n" * 65}, "model.user.is_valid.first_name.app_error"),
    ({"last_name": "n" * 65}, "model.user.is_valid.last_name.app_error"),
    ({"position": "n" * 129}, "model.user.is_valid.position.app_error"),
])
def test_bad_fields_are_refused(nobody, fields, error):
    nobody.post("/users", fresh(**fields), expect=400, error=error)


def test_roles_are_not_the_bodys_to_choose(nobody):
    user = nobody.post("/users", fresh(roles="system_admin system_user", id=new_id(), delete_at=5, email_verified=True), expect=(201, 400))
    if nobody.last.status_code == 201:
        assert user["roles"] == "system_user" and user["delete_at"] == 0


@pytest.mark.parametrize("by", ["username", "email"])
def test_login_by_name_or_email_opens_a_session(nobody, by):
    body = fresh()
    nobody.post("/users", body, expect=201)
    client = nobody.clone().log_in(body[by].upper())
    assert len(client.token) == 26
    assert client.get("/users/me")["username"] == body["username"]


def test_login_sets_cookies_only_for_browsers(romeo, nobody):
    body = {"login_id": "romeo", "password": PASSWORD}
    nobody.post("/users/login", body)
    assert "Set-Cookie" not in nobody.last.headers
    nobody.post("/users/login", body, headers={"X-Requested-With": "XMLHttpRequest"})
    cookies = {c.name: c for c in nobody.http.cookies}
    nobody.http.cookies.clear()
    assert {"MMAUTHTOKEN", "MMUSERID", "MMCSRF"} <= cookies.keys()
    assert cookies["MMUSERID"].value == romeo.id
    assert cookies["MMAUTHTOKEN"].has_nonstandard_attr("HttpOnly") and not cookies["MMUSERID"].has_nonstandard_attr("HttpOnly")


def test_cookie_session_needs_its_csrf_token_to_write(nobody):
    body = fresh()
    nobody.post("/users", body, expect=201)
    browser = nobody.clone()
    browser.post("/users/login", {"login_id": body["username"], "password": PASSWORD}, headers={"X-Requested-With": "XMLHttpRequest"})
    csrf = browser.http.cookies["MMCSRF"]
    auth = {"Cookie": f"MMAUTHTOKEN={browser.http.cookies['MMAUTHTOKEN']}"}
    browser.http.cookies.clear()
    me = browser.get("/users/me", headers=auth)
    path, patch = f"/users/{me['id']}/patch", {"nickname": "Prince of Cats"}
    browser.put(path, patch, headers={**auth, "X-CSRF-Token": csrf})
    browser.put(path, patch, headers=auth, expect=401, error="api.context.session_expired.app_error")
    browser.put(path, patch, headers={**auth, "X-CSRF-Token": "wrong"}, expect=401)


@pytest.mark.parametrize("login_id, password", [("romeo", "wrong-password"), ("nobody-here", PASSWORD), ("romeo", PASSWORD + " "), ("romeo", "")])
def test_refused_logins_do_not_tell_why(nobody, romeo, login_id, password):
    nobody.post("/users/login", {"login_id": login_id, "password": password}, expect=(400, 401),
                error=(BAD_LOGIN, "api.user.login.blank_pwd.app_error"))
    assert "Token" not in nobody.last.headers


def test_logout_ends_only_its_session(romeo):
    other = romeo.clone().log_in("romeo")
    token = other.token
    other.log_out()
    other.get("/users/me", headers={"Authorization": "Bearer " + token}, expect=401)
    romeo.get("/users/me")


def test_sessions_are_listed_without_tokens_and_revoked(nobody, juliet):
    body = fresh()
    nobody.post("/users", body, expect=201)
    one, two = nobody.clone().log_in(body["username"]), nobody.clone().log_in(body["username"])
    sessions = one.get("/users/me/sessions")
    assert len(sessions) == 2 and all(not session.get("token") for session in sessions)
    assert not {one.token, two.token} & {session["id"] for session in sessions}
    juliet.get(f"/users/{one.id}/sessions", expect=403)
    one.post(f"/users/{one.id}/sessions/revoke/all")
    two.get("/users/me", expect=401)


def test_password_is_changed_with_the_old_one(nobody, juliet):
    body = fresh()
    nobody.post("/users", body, expect=201)
    client = nobody.clone().log_in(body["username"])
    path = f"/users/{client.id}/password"
    juliet.put(path, {"current_password": PASSWORD, "new_password": "Taken-over-1"}, expect=403)
    client.put(path, {"current_password": "wrong-password", "new_password": "Good-night-123"}, expect=400)
    client.put(path, {"current_password": PASSWORD, "new_password": "x"}, expect=400)
    client.put(path, {"current_password": PASSWORD, "new_password": "Good-night-123"})
    nobody.clone().log_in(body["username"], "Good-night-123")
    nobody.post("/users/login", {"login_id": body["username"], "password": PASSWORD}, expect=401, error=BAD_LOGIN)


def test_too_many_failures_lock_the_account_until_an_admin_unlocks_it(nobody, admin):
    body = fresh()
    user = nobody.post("/users", body, expect=201)
    wrong = {"login_id": body["username"], "password": "wrong-password"}
    for _ in range(10):
        nobody.post("/users/login", wrong, expect=401)
    nobody.post("/users/login", {**wrong, "password": PASSWORD}, expect=401, error="api.user.check_user_login_attempts.too_many.app_error")
    admin.post(f"/users/{user['id']}/reset_failed_attempts")
    nobody.clone().log_in(body["username"])


def test_deactivated_account_can_not_log_in_and_loses_its_sessions(nobody, admin):
    body = fresh()
    nobody.post("/users", body, expect=201)
    client = nobody.clone().log_in(body["username"])
    admin.put(f"/users/{client.id}/active", {"active": False})
    client.get("/users/me", expect=401)
    nobody.post("/users/login", {"login_id": body["username"], "password": PASSWORD}, expect=401)
    admin.put(f"/users/{client.id}/active", {"active": True})
    nobody.clone().log_in(body["username"])


def test_access_token_works_until_revoked(admin, romeo):
    made = admin.post(f"/users/{admin.id}/tokens", {"description": "for the test"}, expect=(200, 201))
    client = admin.clone()
    client.token = made["token"]
    assert client.get("/users/me")["id"] == admin.id
    listed = admin.get(f"/users/{admin.id}/tokens")
    assert [token["id"] for token in listed] == [made["id"]] and not listed[0].get("token")
    romeo.post(f"/users/{romeo.id}/tokens", {"description": "not allowed"}, expect=403)
    admin.post("/users/tokens/revoke", {"token_id": made["id"]})
    client.get("/users/me", expect=401)
