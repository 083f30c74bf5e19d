"""The server speaks TLS itself: HTTPS and wss, and takes up a new certificate on SIGHUP without losing anybody."""

import json
import signal
import socket
import ssl
import subprocess
import time

import pytest
import requests
import websocket

from lib.client import PASSWORD, Client


def make_certificate(folder, name):
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def server(tmp_path, start_server):
    return start_server("sqlite", tls=make_certificate(tmp_path, "first"))


def person(server, name="romeo"):
    client = Client(server)
    client.http.verify = str(server.tls[0])
    client.sign_up(name)
    return client.log_in(name)


def connect(server, context=None, **options):
    context = context or ssl._create_unverified_context()
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    return context.wrap_socket(raw, **options)


def common_name(server):
    with connect(server) as line:
        pem = ssl.DER_cert_to_PEM_cert(line.getpeercert(binary_form=True))
    told = subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline"], input=pem, text=True, capture_output=True, check=True)
    return told.stdout.split("commonName")[1].split("=")[1].strip()


def wss(server, client):
    line = websocket.WebSocket(sslopt={"ca_certs": str(server.tls[0])})
    line.connect(server.api.replace("https", "wss") + "/websocket", header=["Authorization: Bearer " + client.token], timeout=10)
    assert json.loads(line.recv())["event"] == "hello"
    return line


def ping(line, seq):
    line.send(json.dumps({"seq": seq, "action": "ping"}))
    while True:
        told = json.loads(line.recv())
        if told.get("seq_reply") == seq:
            return told


def test_https_and_wss_serve_as_http_does(server):
    romeo = person(server)
    team = romeo.make_team()
    channel = romeo.channel_named(team, "town-square")
    line = wss(server, romeo)
    long = "x" * 16000
    for i in range(20):  # many records, in both directions
        romeo.say(channel, f"{i}" + long)
    heard = []
    while len(heard) < 20:
        event = json.loads(line.recv())
        if event["event"] == "posted":
            heard.append(json.loads(event["data"]["post"])["message"][:-16000])
    assert heard == [str(i) for i in range(20)]
    line.close()
    upload = romeo.upload(channel, content=b"y" * 3_000_000)
    assert romeo.get(f"/files/{upload['id']}", raw=True).content == b"y" * 3_000_000


def test_cookies_are_secure_over_tls(server):
    person(server)
    reply = requests.post(server.api + "/users/login", json={"login_id": "romeo", "password": PASSWORD},
                          headers={"X-Requested-With": "XMLHttpRequest"}, verify=str(server.tls[0]))
    lines = reply.raw.headers.getlist("Set-Cookie")
    assert len(lines) == 3 and all("; Secure" in line for line in lines)


def test_sighup_takes_up_a_new_certificate_and_keeps_open_lines(server, tmp_path):
    romeo = person(server)
    line = wss(server, romeo)
    assert common_name(server) == "first"
    make_certificate(tmp_path, "second")
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 10
    while common_name(server) != "second":
        assert time.monotonic() < deadline
    assert ping(line, 1)["status"] == "OK"
    line.close()


def test_a_broken_certificate_leaves_the_old_one(server):
    cert = server.tls[0]
    cert.write_text("nonsense")
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 10
    while "certificates could not be read" not in server.log_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert common_name(server) == "first"


def test_old_protocols_and_other_applications_are_refused(server):
    old = ssl._create_unverified_context()
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        connect(server, old)
    other = ssl._create_unverified_context()
    other.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError):
        connect(server, other)


def test_plain_http_and_silence_on_the_tls_port_hurt_nobody(server):
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try:
        assert b"200" not in plain.recv(4096)
    except ConnectionError:
        pass
    assert requests.get(server.api + "/system/ping", verify=str(server.tls[0])).status_code == 200
    for line in (*silent, plain):
        line.close()


def test_half_a_record_and_a_cut_line_hurt_nobody(server):
    romeo = person(server)
    for _ in range(30):
        line = connect(server)
        line.sendall(b"GET /api/v4/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + romeo.token.encode() + b"\r\n")
        line.close()
    assert romeo.get("/users/me")["username"] == "romeo"
