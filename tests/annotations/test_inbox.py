"""The inbox over IMAP: what is unseen is read, and seen when it is done; a server that is away costs nothing."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config import Config, ConfigError
from tracker.annotations.inbox import InboxFault, opened
from tracker.annotations.replies import MOST_BYTES, read_reply

MESSAGE = b"From: sales1@anhe.example\r\nTo: replies+abcdefghij0123456789@t.example\r\n\r\nMs Wang decides.\r\n"


class Mailbox:
    """Messages by number, and which of them were seen."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = dict(enumerate(messages, start=1))
        self.seen: set[int] = set()
        self.folder = ""


def handler_of(mailbox: Mailbox) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        """As much of IMAP as a reader of unseen messages speaks."""

        def handle(self) -> None:
            self.say(b"* OK here")
            for line in self.rfile:
                tag, _space, command = line.strip().partition(b" ")
                self.answer(tag, command.decode())
                if command.upper() == b"LOGOUT":
                    return

        def say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

        def answer(self, tag: bytes, command: str) -> None:
            word = command.upper()
            if word.startswith("CAPABILITY"):
                self.say(b"* CAPABILITY IMAP4rev1")
            elif word.startswith("LOGIN"):
                if "secret" not in command:
                    return self.say(tag + b" NO wrong")
            elif word.startswith("SELECT"):
                mailbox.folder = command.split()[1].strip('"')
                self.say(b"* %d EXISTS" % len(mailbox.messages))
            elif word.startswith("UID SEARCH"):
                unseen = [str(one) for one in mailbox.messages if one not in mailbox.seen]
                self.say(f"* SEARCH {' '.join(unseen)}".encode())
            elif word.startswith("UID FETCH"):
                self.fetch(int(command.split()[2]), word)
            elif word.startswith("UID STORE"):
                mailbox.seen.add(int(command.split()[2]))
            return self.say(tag + b" OK done")

        def fetch(self, number: int, word: str) -> None:
            data = mailbox.messages[number]
            if "SIZE" in word:
                return self.say(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (number, number, len(data)))
            part = re.search(r"<0\.(\d+)>", word)
            data = data[: int(part[1])] if part else data
            self.wfile.write(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, number, len(data)) + data + b")\r\n")
            return None

    return Handler


@contextmanager
def imap(mailbox: Mailbox) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler_of(mailbox)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"imap://replies:secret@127.0.0.1:{server.server_address[1]}/Answers?address=replies@t.example"
        server.shutdown()


def test_unseen_messages_are_read_once_and_marked_as_seen() -> None:
    mailbox = Mailbox(MESSAGE, MESSAGE)
    mailbox.seen.add(2)
    with imap(mailbox) as url:
        with opened(url) as inbox:
            (found,) = list(inbox.waiting())
            assert found == ("1", MESSAGE) and mailbox.folder == "Answers"
            inbox.done("1")
        with opened(url) as inbox:
            assert list(inbox.waiting()) == []


def test_of_a_message_that_is_too_large_only_a_piece_is_fetched_and_nothing_is_read() -> None:
    with imap(Mailbox(MESSAGE + b"x" * (MOST_BYTES * 3))) as url, opened(url) as inbox:
        ((_key, raw),) = inbox.waiting()
        assert len(raw) <= MOST_BYTES * 2 + 2 and read_reply(raw) is None


def test_a_server_that_is_away_or_refuses_us_is_a_fault_that_the_next_turn_forgets() -> None:
    with imap(Mailbox()) as url:
        with pytest.raises(InboxFault), opened(url.replace("secret", "wrong")):
            pass
        away = url
    with pytest.raises(InboxFault), opened(away):
        pass


@pytest.mark.parametrize(
    "url", ["pop://a:b@c/?address=x@y", "imaps://mail.example.com/?address=x@y", "imaps://a:b@mail.example.com/INBOX"]
)
def test_an_inbox_that_makes_no_sense_is_refused_when_it_is_set(url: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_INBOX_URL"):
        Config.from_env({"TRACKER_ENV": "demo", "TRACKER_INBOX_URL": url})


def test_the_address_of_answers_is_the_settings() -> None:
    url = "imaps://a:b@mail.example.com/INBOX?address=replies@example.com"
    assert Config.from_env({"TRACKER_ENV": "demo", "TRACKER_INBOX_URL": url}).inbox_address == "replies@example.com"
    assert Config.from_env({"TRACKER_ENV": "demo"}).inbox_address == ""
