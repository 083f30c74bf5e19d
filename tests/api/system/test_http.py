"""What holds for every request, whatever it asks for."""

import gzip
import http.client
import json
import socket

import pytest

from lib.client import new_id


def raw(server, data):
    """Sends bytes as they are; returns (status, headers, body) of the one reply."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as s:
        s.sendall(data)
        reply = http.client.HTTPResponse(s, method=data.split(b" ")[0].decode())
        reply.begin()
        return reply.status, reply.headers, reply.read()


def post_bytes(romeo, path, body, expect, error=None, kind="application/json"):
    return romeo.post(path, data=body, headers={"Content-Type": kind}, expect=expect, error=error)


def test_unknown_path_below_api_is_404_in_json(nobody):
    nobody.get("/no/such/thing", expect=404, error="api.context.404.app_error")
    nobody.get("/api/v5/users", expect=404)


def test_unknown_path_is_404_also_with_a_session(romeo):
    romeo.get("/no/such/thing", expect=404, error="api.context.404.app_error")


def test_wrong_method_is_404_or_405_in_json(nobody):
    nobody.request("DELETE", "/system/ping", expect=(404, 405))


def test_content_type_of_json_is_bare(nobody):
    nobody.get("/system/ping")
    assert nobody.last.headers["Content-Type"] == "application/json"
    nobody.get("/users/me", expect=401)
    assert nobody.last.headers["Content-Type"] == "application/json"


def test_every_reply_has_an_id_of_its_own_that_the_error_repeats(nobody):
    first = nobody.get("/users/me", expect=401)
    assert first["request_id"] == nobody.last.headers["X-Request-Id"]
    second = nobody.get("/users/me", expect=401)
    assert first["request_id"] != second["request_id"]


def test_version_header_starts_with_a_version_clients_accept(nobody):
    nobody.get("/system/ping")
    assert nobody.last.headers["X-Version-Id"].startswith("11.")
    assert len(nobody.last.headers["X-Version-Id"].split(".")) >= 5


def test_security_headers_are_always_sent(nobody):
    for path, status in [("/system/ping", 200), ("/users/me", 401), ("/no/such", 404)]:
        nobody.get(path, expect=status)
        assert nobody.last.headers["X-Content-Type-Options"] == "nosniff"
        assert nobody.last.headers["Referrer-Policy"] == "no-referrer"


def test_refusals_carry_no_developer_text(nobody):
    assert nobody.get("/users/me", expect=401)["detailed_error"] == ""


def test_without_or_with_a_false_session_one_is_refused(nobody):
    nobody.get("/users/me", expect=401, error="api.context.session_expired.app_error")
    nobody.get("/users/me", expect=401, error="api.context.session_expired.app_error", headers={"Authorization": "Bearer " + new_id()})


@pytest.mark.parametrize("scheme", ["Bearer", "BEARER", "bearer", "token"])
def test_authorization_scheme_is_read_in_any_case(romeo, nobody, scheme):
    assert nobody.get("/users/me", headers={"Authorization": f"{scheme} {romeo.token}"})["id"] == romeo.id


def test_session_of_a_logged_out_user_is_refused(romeo):
    other = romeo.clone().log_in("romeo")
    other.log_out()
    other.token = None
    assert romeo.get("/users/me")["id"] == romeo.id


@pytest.mark.parametrize("body", [b"", b"{", b"[", b"[1]", b'"text"', b"nil", b'{"channel_id": }', b"{'a': 1}", b'{"a":1} trailing', b"\xef\xbb\xbf{}"])
def test_broken_json_is_refused(romeo, body):
    post_bytes(romeo, "/posts", body, 400)


def test_invalid_utf8_is_refused(romeo, channel):
    post_bytes(romeo, "/posts", b'{"channel_id":"%s","message":"\xff\xfe"}' % channel["id"].encode(), 400)


def test_lone_surrogate_and_nul_are_refused(romeo, channel):
    for escape in (b"\\ud800", b"\\u0000"):
        post_bytes(romeo, "/posts", b'{"channel_id":"%s","message":"a%sb"}' % (channel["id"].encode(), escape), 400)


def test_nul_in_the_path_is_refused(romeo):
    romeo.get("/users/username/ro%00meo", expect=(400, 404))
    romeo.get("/users/%FF%FE", expect=(400, 404))


def test_deep_json_is_refused(romeo):
    for depth in (3000, 100000):
        post_bytes(romeo, "/posts", b"[" * depth + b"]" * depth, 400)
        post_bytes(romeo, "/posts", b'{"a":' * depth + b"1" + b"}" * depth, (400, 413))


def test_duplicate_keys_do_not_confuse(romeo, channel):
    body = '{"channel_id":"%s","message":"one","message":"two"}' % channel["id"]
    post = romeo.post("/posts", data=body.encode(), expect=(201, 400))
    if romeo.last.status_code == 201:
        assert post["message"] == "two"


def test_unknown_fields_are_ignored(romeo, channel):
    assert romeo.say(channel, "hello", something_new={"a": [1, 2]})["message"] == "hello"


def test_numbers_that_do_not_fit_are_refused_or_ignored(romeo, channel):
    body = '{"channel_id":"%s","message":"x","create_at":1e999}' % channel["id"]
    post_bytes(romeo, "/posts", body.encode(), (201, 400))


def test_too_large_a_body_is_413(romeo, channel):
    body = json.dumps({"channel_id": channel["id"], "message": "x" * 400_000})
    post_bytes(romeo, "/posts", body.encode(), 413, error="api.context.request_body_too_large.app_error")


def test_too_large_a_body_announced_or_chunked_is_413(server, romeo):
    head = f"POST /api/v4/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {romeo.token}\r\nContent-Type: application/json\r\n"
    status, _, _ = raw(server, (head + "Content-Length: 99999999999\r\n\r\n").encode() + b"x" * 1000)
    assert status == 413
    status, _, _ = raw(server, (head + "Transfer-Encoding: chunked\r\n\r\n").encode() + b"186a0\r\n" * 1 + b"x" * 100000 + b"\r\n"
                       + (b"186a0\r\n" + b"x" * 100000 + b"\r\n") * 3 + b"0\r\n\r\n")
    assert status == 413


def test_chunked_body_is_read(server, romeo, channel):
    body = json.dumps({"channel_id": channel["id"], "message": "in pieces"}).encode()
    head = f"POST /api/v4/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {romeo.token}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    status, _, got = raw(server, head + b"5\r\n" + body[:5] + b"\r\n" + b"%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n")
    assert status == 201 and json.loads(got)["message"] == "in pieces"


def test_too_long_a_url_is_414(nobody):
    nobody.get("/users/username/" + "a" * 3000, expect=414, error="basic_security_check.url.too_long_error")


def test_length_and_chunks_together_are_refused(server):
    status, _, _ = raw(server, b"POST /api/v4/users HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert status == 400


def test_malformed_requests_are_refused(server):
    for data in [b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
                 b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n", b"NONSENSE\r\n\r\n",
                 b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"]:
        status, _, _ = raw(server, data)
        assert status == 400, data


def test_pipelined_requests_are_answered_in_order(server):
    one = b"GET /api/v4/system/ping HTTP/1.1\r\nHost: x\r\n\r\n"
    two = b"GET /api/v4/users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as s:
        s.sendall(one + two)
        got = b""
        while piece := s.recv(65536):
            got += piece
    assert got.count(b"HTTP/1.1 ") == 2
    assert got.index(b"HTTP/1.1 200") < got.index(b"HTTP/1.1 401")


def test_large_replies_are_compressed_when_asked(server, romeo):
    path = "/api/v4/config/client?format=old"
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {romeo.token}\r\n"
    _, headers, plain = raw(server, (head + "\r\n").encode())
    assert "Content-Encoding" not in headers
    _, headers, packed = raw(server, (head + "Accept-Encoding: gzip\r\n\r\n").encode())
    assert headers["Content-Encoding"] == "gzip" and len(packed) < len(plain)
    assert json.loads(gzip.decompress(packed)) == json.loads(plain)


def test_head_of_the_start_page_has_no_body(server):
    status, headers, body = raw(server, b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert status in (200, 404) and body == b""
