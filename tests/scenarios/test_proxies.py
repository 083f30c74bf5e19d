"""Whose address is believed: headers of proxies count when the peer is one that was named, and only as far as it is."""

import pytest
import requests

from lib.client import PASSWORD, Client

CLIENT, OUTER, INNER = "203.0.113.9", "198.51.100.7", "127.0.0.1"


@pytest.fixture(scope="module")
def behind_proxy(make_server):
    server = make_server("sqlite", {"ServiceSettings.TrustedProxies": f"{INNER} 198.51.100.0/24 2001:db8::/32", "ServiceSettings.TLSStrictTransport": True})
    yield person_on(server.start())
    server.close()


@pytest.fixture(scope="module")
def bare(make_server):
    server = make_server("sqlite")
    yield person_on(server.start())
    server.close()


def person_on(server):
    client = Client(server)
    client.sign_up("romeo")
    return client.log_in("romeo")


def seen_address(client, headers):
    """What the audit of a login says."""
    client.clone().post("/users/login", {"login_id": "romeo", "password": PASSWORD}, headers=headers)
    logins = [a for a in client.get("/users/me/audits") if "login" in a["action"]]
    return max(logins, key=lambda a: (a["create_at"], a["id"]))["ip_address"]


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": CLIENT}, {"X-Real-IP": CLIENT}, {"Forwarded": f"for={CLIENT}"}],
                         ids=lambda headers: next(iter(headers)))
def test_nobody_believes_a_stranger(bare, headers):
    assert seen_address(bare, headers) == INNER


@pytest.mark.parametrize("headers, seen", [
    ({"X-Forwarded-For": CLIENT}, CLIENT),
    ({"X-Forwarded-For": f"10.6.6.6, {CLIENT}"}, CLIENT),  # what the client says of itself is not believed
    ({"X-Forwarded-For": f"10.6.6.6, {CLIENT}, {OUTER}"}, CLIENT),  # a chain of proxies that are all named
    ({"X-Forwarded-For": f"{INNER}, {CLIENT}"}, CLIENT),
    ({"X-Forwarded-For": f"{CLIENT}:4711"}, CLIENT),
    ({"X-Forwarded-For": "nonsense"}, INNER),
    ({"X-Forwarded-For": f"nonsense, {OUTER}"}, OUTER),
    ({"X-Forwarded-For": "2001:db9::1, 2001:db8::5"}, "2001:db9::1"),
    ({"X-Real-IP": CLIENT}, CLIENT),
    ({"X-Real-IP": "1.2.3"}, INNER),
    ({"X-Real-IP": "10.6.6.6", "X-Forwarded-For": CLIENT}, CLIENT),
    ({"Forwarded": f'for="{CLIENT}:80";proto=http'}, CLIENT),
    ({"Forwarded": f"for=10.6.6.6, for={CLIENT};by=x, for={OUTER}"}, CLIENT),
    ({"Forwarded": 'for="[2001:db9::1]:4711"'}, "2001:db9::1"),
    ({"Forwarded": "for=_hidden"}, INNER),
    ({"Forwarded": f"for={CLIENT}\t;x"}, CLIENT),
    ({}, INNER),
])
def test_the_nearest_address_that_is_no_named_proxy_is_the_clients(behind_proxy, headers, seen):
    assert seen_address(behind_proxy, headers) == seen


@pytest.mark.parametrize("headers, is_tls", [({"X-Forwarded-Proto": "https"}, True), ({"X-Forwarded-Proto": "http"}, False),
                                             ({"Forwarded": f"for={CLIENT};proto=https"}, True), ({"X-Forwarded-Proto": "https, http"}, False), ({}, False)])
def test_a_named_proxy_says_whether_the_browser_came_by_tls(behind_proxy, headers, is_tls):
    reply = requests.post(behind_proxy.server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD},
                          headers={"X-Requested-With": "XMLHttpRequest", **headers})
    assert reply.status_code == 200
    assert all(("; Secure" in line) == is_tls for line in reply.raw.headers.getlist("Set-Cookie"))
    assert ("Strict-Transport-Security" in reply.headers) == is_tls


def test_a_stranger_cannot_claim_tls(bare):
    reply = requests.post(bare.server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD},
                          headers={"X-Requested-With": "XMLHttpRequest", "X-Forwarded-Proto": "https"})
    assert all("; Secure" not in line for line in reply.raw.headers.getlist("Set-Cookie"))


def test_metrics_are_not_shown_through_the_proxy(behind_proxy):
    url = behind_proxy.server.url + "/metrics"
    for forwarded in (CLIENT, INNER, f"{INNER}, {INNER}"):
        assert "anser_" not in requests.get(url, headers={"X-Forwarded-For": forwarded}).text
