"""What browsers make of the server: cookies, proof against forged requests, other origins, tokens in addresses."""

import pytest
import requests

from lib.client import PASSWORD, new_id
from lib.ws import Socket

SITE = "https://chat.example/sub"
FRIEND, STRANGER = "https://friend.example", "https://stranger.example"


@pytest.fixture(scope="module")
def settings():
    return {"ServiceSettings.SiteURL": SITE, "ServiceSettings.AllowCorsFrom": f"{FRIEND} https://other.example",
            "ServiceSettings.CorsAllowCredentials": True, "ServiceSettings.CorsExposedHeaders": "Token X-Version-Id"}


def cookies_of(reply):
    """name → (value, attributes), from the raw header lines."""
    found = {}
    for line in reply.raw.headers.getlist("Set-Cookie"):
        first, *attributes = [part.strip() for part in line.split(";")]
        name, value = first.split("=", 1)
        found[name] = (value, attributes)
    return found


@pytest.fixture
def browser(server, romeo):
    """(session with cookies, CSRF token)"""
    session = requests.Session()
    session.trust_env = False
    reply = session.post(server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD},
                         headers={"X-Requested-With": "XMLHttpRequest"})
    found = cookies_of(reply)
    session.cookies.clear()
    session.headers["Cookie"] = "; ".join(f"{name}={value}" for name, (value, _) in found.items())
    return session, found["MMCSRF"][0]


def test_cookies_are_for_the_path_of_the_site(server, romeo):
    reply = requests.post(server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD},
                          headers={"X-Requested-With": "XMLHttpRequest"})
    found = cookies_of(reply)
    assert set(found) == {"MMAUTHTOKEN", "MMUSERID", "MMCSRF"}
    for name, (_, attributes) in found.items():
        assert "Path=/sub" in attributes and "SameSite=Lax" in attributes and "Max-Age=2592000" in attributes
        assert ("HttpOnly" in attributes) == (name == "MMAUTHTOKEN")
        assert "Secure" not in attributes, "this request came without TLS"


def test_a_login_without_the_browsers_header_sets_no_cookie(server, romeo):
    reply = requests.post(server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD})
    assert reply.status_code == 200 and not cookies_of(reply)


def test_each_login_has_a_token_of_its_own_whatever_cookie_came_along(server, romeo):
    planted = {"Cookie": f"MMAUTHTOKEN={new_id()}", "X-Requested-With": "XMLHttpRequest"}
    replies = [requests.post(server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD}, headers=planted) for _ in range(2)]
    tokens = {cookies_of(reply)["MMAUTHTOKEN"][0] for reply in replies} | {planted["Cookie"].split("=")[1]}
    assert len(tokens) == 3


def test_a_changing_request_by_cookie_needs_proof(server, browser):
    session, csrf = browser
    row = [{"user_id": "me", "category": "a", "name": "b", "value": "c"}]
    me = session.get(server.api + "/users/me").json()["id"]
    row[0]["user_id"] = me
    url = f"{server.api}/users/me/preferences"
    forged = session.put(url, json=row)
    assert forged.status_code == 401 and forged.json()["id"] == "api.context.session_expired.app_error"
    taken = cookies_of(forged)["MMAUTHTOKEN"]
    assert taken[0] == "" and "Max-Age=0" in taken[1] and "Path=/sub" in taken[1]
    assert session.put(url, json=row, headers={"X-CSRF-Token": new_id()}).status_code == 401
    assert session.put(url, json=row, headers={"X-CSRF-Token": csrf}).status_code == 200
    assert session.put(url, json=row, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 200


def test_what_needs_no_session_but_would_use_one_needs_proof_too(server, browser):
    session, csrf = browser
    draft = {"email": "forged@verona.example", "username": "forged", "password": PASSWORD}
    assert session.post(server.api + "/users", json=draft).status_code == 401
    assert session.post(server.api + "/users/logout").status_code == 401
    assert session.get(server.api + "/users/me").status_code == 200, "the forged logout did nothing"
    assert session.post(server.api + "/users/logout", headers={"X-CSRF-Token": csrf}).status_code == 200
    assert session.get(server.api + "/users/me").status_code == 401


def test_the_cookie_wins_over_the_header(server, browser, juliet):
    session, _ = browser
    reply = session.get(server.api + "/users/me", headers={"Authorization": "Bearer " + juliet.token})
    assert reply.json()["username"] == "romeo"


def test_a_session_token_in_the_address_is_refused(nobody, romeo):
    nobody.get(f"/users/me?access_token={romeo.token}", expect=401, error="api.context.token_provided.app_error")
    nobody.get(f"/users/me?access_token={new_id()}", expect=401, error="api.context.session_expired.app_error")
    romeo.get(f"/users/me?access_token={new_id()}")


def test_a_token_is_cut_at_50_characters(nobody, romeo):
    nobody.get("/users/me", headers={"Authorization": "Bearer " + romeo.token + "x"}, expect=401)
    nobody.get("/users/me", headers={"Authorization": "bearer " + romeo.token})
    nobody.get("/users/me", headers={"Authorization": "TOKEN " + romeo.token})


def test_only_named_origins_may_read(server, romeo):
    url, bearer = server.api + "/users/me", {"Authorization": "Bearer " + romeo.token}
    friend = requests.get(url, headers={**bearer, "Origin": FRIEND})
    assert friend.headers["Access-Control-Allow-Origin"] == FRIEND and "Origin" in friend.headers["Vary"]
    assert friend.headers["Access-Control-Allow-Credentials"] == "true"
    assert friend.headers["Access-Control-Expose-Headers"] == "Token, X-Version-Id"
    refused = requests.get(server.api + "/users/me", headers={"Origin": FRIEND})
    assert refused.status_code == 401 and refused.headers["Access-Control-Allow-Origin"] == FRIEND
    for headers in ({**bearer, "Origin": STRANGER}, {**bearer, "Origin": "null"}, bearer):
        assert "Access-Control-Allow-Origin" not in requests.get(url, headers=headers).headers


def test_preflight_is_answered_to_named_origins(server):
    asks = {"Origin": FRIEND, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization, x-csrf-token"}
    reply = requests.options(server.api + "/users/me", headers=asks)
    assert reply.status_code == 204 and reply.content == b""
    assert reply.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "PUT" in reply.headers["Access-Control-Allow-Methods"]
    assert reply.headers["Access-Control-Allow-Headers"] == "authorization, x-csrf-token"
    refused = requests.options(server.api + "/users/me", headers={**asks, "Origin": STRANGER})
    assert refused.status_code == 405 and "Access-Control-Allow-Origin" not in refused.headers


@pytest.mark.parametrize("origin, is_fine", [(None, True), ("https://chat.example", True), (FRIEND, True), (STRANGER, False),
                                             ("null", False), ("http://chat.example", False), ("https://chat.example.evil", False)])
def test_sockets_are_opened_from_the_site_and_from_named_origins(server, romeo, origin, is_fine):
    socket = Socket(server, romeo.token, origin=origin)
    if is_fine:
        socket.open().close()
    else:
        with pytest.raises(Exception, match="400"):
            socket.open()


def test_the_server_is_reached_below_the_path_of_its_site(server, nobody):
    assert requests.get(server.url + "/sub/api/v4/system/ping").json()["status"] == "OK"
    assert requests.get(server.url + "/subway/api/v4/system/ping").headers.get("Content-Type") != "application/json"
    lost = requests.get(server.url + "/sub/api/v4/nothing")
    assert lost.status_code == 404 and lost.json()["id"] == "api.context.404.app_error"


def test_path_parameters_are_decoded(romeo):
    romeo.get("/users/username/%72omeo")
    romeo.get("/users/username/%ff", expect=400, error="api.context.invalid_url_param.app_error")
    romeo.get("/users/username/%00", expect=400, error="api.context.invalid_url_param.app_error")


def test_metrics_are_for_this_machine_and_not_through_a_proxy(server):
    assert "anser_http_requests_total" in requests.get(server.url + "/metrics").text
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        reply = requests.get(server.url + "/metrics", headers={header: "203.0.113.9"})
        assert "anser_http_requests_total" not in reply.text


def test_pages_are_only_read(server):
    assert requests.post(server.url + "/somewhere", data="x").status_code == 405
    page = requests.get(server.url + "/")
    assert "frame-ancestors" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_no_path_leads_out_of_the_web_folder(server):
    for path in ("/static/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd"):
        request = requests.Request("GET", server.url).prepare()
        request.url = server.url + path
        assert "root:" not in requests.Session().send(request).text


def test_an_upload_by_nobody_is_refused_before_its_body_is_kept(server):
    def body():
        for _ in range(64):
            yield b"x" * 65536
    reply = requests.post(server.api + "/files?channel_id=" + new_id() + "&filename=a.bin", data=body())
    assert reply.status_code == 401 and reply.json()["id"] == "api.context.session_expired.app_error"
