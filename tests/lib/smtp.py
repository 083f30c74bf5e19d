"""A mail server that only keeps what it is given: enough of RFC 5321 for a client that sends."""

import asyncio
import email
import email.policy
import threading
import time


class Sink:
    def __init__(self, port=0):
        self.mails, self.changed = [], threading.Condition()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        started = asyncio.run_coroutine_threadsafe(asyncio.start_server(self.talk, "127.0.0.1", port, limit=1 << 24), self.loop)
        self.server = started.result(5)
        self.port = self.server.sockets[0].getsockname()[1]

    async def talk(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")

        say("220 sink")
        sender, receivers = "", []
        while line := await reader.readline():
            words = line.decode("utf-8", "replace").strip()
            verb = words.upper()
            if verb.startswith("EHLO"):
                say("250-sink")
                say("250 8BITMIME")
            elif verb.startswith("MAIL FROM:"):
                sender, receivers = words[10:].split()[0].strip("<>"), []
                say("250 ok")
            elif verb.startswith("RCPT TO:"):
                receivers.append(words[8:].split()[0].strip("<>"))
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                self.keep(sender, receivers, raw[:-5].replace(b"\r\n..", b"\r\n."))
                say("250 kept")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
            await writer.drain()
        writer.close()

    def keep(self, sender, receivers, raw):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        with self.changed:
            self.mails.append({"from": sender, "to": receivers, "subject": str(message["Subject"]), "message": message})
            self.changed.notify_all()

    def expect(self, receiver, where=None, timeout=20):
        """The first mail to that address; takes it."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                for i, mail in enumerate(self.mails):
                    if receiver in mail["to"] and (where is None or where(mail)):
                        return self.mails.pop(i)
                left = deadline - time.monotonic()
                assert left > 0, f"no mail to {receiver}; others: {[(m['to'], m['subject']) for m in self.mails]}"
                self.changed.wait(left)

    def settings(self):
        return {"EmailSettings.SMTPServer": "127.0.0.1", "EmailSettings.SMTPPort": str(self.port), "EmailSettings.EnableSMTPAuth": False,
                "EmailSettings.ConnectionSecurity": "", "EmailSettings.SendEmailNotifications": True,
                "EmailSettings.FeedbackEmail": "anser@verona.example", "EmailSettings.FeedbackName": "Anser"}

    def close(self):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)


def body_text(mail):
    part = mail["message"].get_body(("plain", "html"))
    return part.get_content() if part else ""
