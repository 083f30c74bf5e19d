"""Starts and stops the real program, each time with data of its own."""

import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("ANSER_BINARY", ROOT / "build/release/anser")).absolute()
IS_SLOW = "asan" in str(BINARY) or "tsan" in str(BINARY)  # sanitizers take their time
READY_TIMEOUT_S = 60 if IS_SLOW else 20

# What tests rely on: people may sign up, features that are off by default are on, limits are out of the way.
SETTINGS = {
    "TeamSettings.EnableOpenServer": True,
    "TeamSettings.MaxUsersPerTeam": 2000,
    "ServiceSettings.EnableUserAccessTokens": True,
    "ServiceSettings.EnableBotAccountCreation": True,
    "ServiceSettings.EnableAPIUserDeletion": True,
    "ServiceSettings.EnableAPITeamDeletion": True,
    "ServiceSettings.EnableAPIChannelDeletion": True,
    "ServiceSettings.EnableAPIPostDeletion": True,
    "ServiceSettings.EnablePostUsernameOverride": True,
    "ServiceSettings.EnablePostIconOverride": True,
    "GuestAccountsSettings.Enable": True,
    "FileSettings.EnablePublicLink": True,
}
# Words in a log that no passing test may leave behind.
ALARMS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:", "ENSURE failed", "Assertion `")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def env_name(key):
    return "ANSER_" + key.upper().replace(".", "_")


def env_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


class Server:
    """One running `anser serve`. kill() is kill -9; start() afterwards finds the same data."""

    def __init__(self, driver="sqlite", cluster=None, settings=None, port=None, data_dir=None, tls=None, command_prefix=()):
        self.driver = driver
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="anser-test-"))
        self.port = port or free_port()
        self.tls = tls  # (certificate, key): PEM files
        self.command_prefix = list(command_prefix)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.api = self.url + "/api/v4"
        self.data = pathlib.Path(data_dir) if data_dir else self.folder / "data"
        self.log_path = self.folder / "server.log"
        self.process = None
        self.database = None
        chosen = dict(SETTINGS)
        chosen.update(settings or {})
        if tls:
            chosen["ServiceSettings.TLSCertFile"], chosen["ServiceSettings.TLSKeyFile"] = map(str, tls)
        if driver == "postgres":
            self.database = cluster.create()
            chosen["SqlSettings.DriverName"] = "postgres"
            chosen["SqlSettings.DataSource"] = self.database.url
        # Nothing of the caller's environment that could change how the server behaves.
        self.env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG") or k.endswith("SAN_OPTIONS")}
        self.env.update({"LC_ALL": "C.UTF-8", "TZ": "UTC"})
        self.env.update({env_name(k): env_value(v) for k, v in chosen.items() if v is not None})

    def command(self):
        command = [*self.command_prefix, str(BINARY), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        if (ROOT / "build/web").is_dir():
            command += ["--web", str(ROOT / "build/web")]
        return command

    def start(self):
        assert self.process is None
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        self.wait_ready()
        return self

    def wait_ready(self):
        deadline = time.monotonic() + READY_TIMEOUT_S
        trust = ssl._create_unverified_context() if self.tls else None  # only whether it answers
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at start with {self.process.returncode}\n{self.log_tail()}")
            try:
                with urllib.request.urlopen(self.api + "/system/ping", timeout=2, context=trust) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"the server was not ready after {READY_TIMEOUT_S} s\n{self.log_tail()}")
            time.sleep(0.02)

    def stop(self):
        """Asks it to end; it must do so cleanly, within ten seconds."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is not None:
            raise AssertionError(f"the server had died with {process.returncode}\n{self.log_tail()}")
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(60 if IS_SLOW else 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not end on SIGTERM\n{self.log_tail()}") from None
        if code != 0:
            raise AssertionError(f"the server ended with {code}\n{self.log_tail()}")

    def kill(self):
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def log_text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_tail(self, size=6000):
        return "…" + self.log_text()[-size:]

    def close(self):
        """Stops, checks what it left in its log, and removes its data."""
        try:
            self.stop()
            log = self.log_text()
            alarms = [word for word in ALARMS if word in log]
            assert not alarms, f"the server's log speaks of {alarms}\n{self.log_tail(20000)}"
        finally:
            if self.is_alive():
                self.kill()
            if self.database:
                self.database.drop()
            shutil.rmtree(self.folder, ignore_errors=True)
