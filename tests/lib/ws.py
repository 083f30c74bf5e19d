"""The WebSocket as clients use it: collects events in a thread and checks that each has the next sequence number."""

import json
import threading
import time
import urllib.parse

import websocket

TIMEOUT_S = 10


class Socket:
    def __init__(self, server, token=None, cookie=None, origin=None, **parameters):
        self.server, self.token, self.cookie, self.origin, self.parameters = server, token, cookie, origin, parameters
        self.events = []      # heard and not yet taken
        self.heard = []       # everything, in order
        self.replies = {}
        self.next_seq = None  # the `seq` that the next event must have
        self.sent = 0
        self.changed = threading.Condition()
        self.closed = False
        self.failure = None
        self.connection_id = None

    def open(self, hello=True):
        query = "?" + urllib.parse.urlencode(self.parameters) if self.parameters else ""
        headers = ["Authorization: Bearer " + self.token] if self.token else []
        self.ws = websocket.WebSocket()
        self.ws.connect(f"ws://127.0.0.1:{self.server.port}/api/v4/websocket{query}", header=headers, cookie=self.cookie,
                        timeout=TIMEOUT_S, origin=self.origin, suppress_origin=self.origin is None)
        self.ws.settimeout(None)
        threading.Thread(target=self.read, daemon=True).start()
        if hello:
            self.connection_id = self.expect("hello")["data"]["connection_id"]
        return self

    def read(self):
        try:
            while True:
                kind, data = self.ws.recv_data(control_frame=False)
                if kind != websocket.ABNF.OPCODE_TEXT:
                    break
                self.take(json.loads(data.decode("utf-8")))
        except ValueError as problem:
            self.failure = f"unreadable frame: {problem}"
        except (OSError, websocket.WebSocketException):
            pass
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.ws.shutdown()

    def take(self, frame):
        with self.changed:
            if "event" not in frame:
                self.replies[frame.get("seq_reply", 0)] = frame
            else:
                if self.next_seq is not None and frame["seq"] != self.next_seq:
                    self.failure = f"event {frame['event']} has seq {frame['seq']}, not {self.next_seq}"
                self.next_seq = frame["seq"] + 1
                self.events.append(frame)
                self.heard.append(frame)
            self.changed.notify_all()

    def expect(self, event, where=None, timeout=TIMEOUT_S):
        """The first such event not yet taken; takes it. `where` is asked with the decoded event."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                assert self.failure is None, self.failure
                for i, frame in enumerate(self.events):
                    if frame["event"] == event and (where is None or where(decoded(frame))):
                        return decoded(self.events.pop(i))
                left = deadline - time.monotonic()
                if left <= 0 or self.closed:
                    kinds = [f["event"] for f in self.events]
                    raise AssertionError(f"no {event} {'before the socket closed' if self.closed else f'within {timeout} s'}; others: {kinds}")
                self.changed.wait(left)

    def has(self, event, where=None):
        """Was such an event heard and not taken? Tells nothing unless a fence came before."""
        with self.changed:
            return any(f["event"] == event and (where is None or where(decoded(f))) for f in self.events)

    def fence(self, client):
        """Waits until all that happened so far has come through: makes an event of the user's own and awaits it."""
        mark = str(time.monotonic_ns())
        row = {"user_id": client.id, "category": "test_fence", "name": mark, "value": mark}
        client.put(f"/users/{client.id}/preferences", [row])
        self.expect("preferences_changed", lambda e: any(p["name"] == mark for p in e["data"]["preferences"]))

    def send(self, action, data=None):
        """Sends an action; returns its number."""
        self.sent += 1
        self.ws.send(json.dumps({"seq": self.sent, "action": action, "data": data or {}}))
        return self.sent

    def reply(self, number, timeout=TIMEOUT_S):
        deadline = time.monotonic() + timeout
        with self.changed:
            while number not in self.replies:
                left = deadline - time.monotonic()
                assert left > 0 and not self.closed, f"no reply to action {number}"
                self.changed.wait(left)
            return self.replies.pop(number)

    def ask(self, action, data=None):
        return self.reply(self.send(action, data))

    def wait_closed(self, timeout=TIMEOUT_S):
        deadline = time.monotonic() + timeout
        with self.changed:
            while not self.closed:
                left = deadline - time.monotonic()
                assert left > 0, "the socket is still open"
                self.changed.wait(left)

    def close(self):
        try:
            self.ws.close(timeout=1)
        except (OSError, websocket.WebSocketException):
            pass

    def drop(self):
        """Cuts the connection without a word, as a lost network does."""
        self.ws.shutdown()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


JSON_IN_TEXT = {"post", "mentions", "followers", "reaction", "channel", "channelMember", "teammate_ids", "team", "member", "role",
                "preference", "preferences", "updatedCategories", "thread", "draft", "emoji", "scheduledPost"}


def decoded(frame):
    """The event with those data fields parsed that travel as JSON in a string."""
    data = {k: json.loads(v) if k in JSON_IN_TEXT and isinstance(v, str) and v else v for k, v in frame["data"].items()}
    return {**frame, "data": data}
