"""What somebody wrote in answer to a mail, without what he quoted. Pure: bytes of a message in, plain facts out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

LINE = "— — — ✂ — — —"
"""Above this line one answers; our mails bear it, and what comes below it is ours."""
MOST_BYTES = 256 * 1024  # of a message whose answer is read
MOST_TEXT = 4000  # characters of an answer
MOST_LINES = 400
TOKEN = re.compile(r"[a-z0-9]{20,32}")
_INTRODUCED = (
    re.compile(r"^\s*(On\b.{0,300}|.{0,200})\bwrote:\s*$"),
    re.compile(r"^\s*在?.{0,200}(写道|寫道)[:：]\s*$"),
    re.compile(r"^\s*-{2,}\s*(Original Message|Forwarded message|原始邮件|原始郵件|转发邮件).*-*\s*$", re.IGNORECASE),
    re.compile(r"^\s*_{10,}\s*$"),
    re.compile(r"^\s*\*?(From|发件人|寄件者)\*?\s*[:：].*$"),
)
_SIGNATURE = re.compile(r"^-- ?$")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: whose address it comes from, the tokens in the addresses it is to, its number, what it says.

    `automatic`: a machine sent it (out of office, a bounce), and nobody is to read it.
    """

    sender: str
    tokens: tuple[str, ...]
    message_id: str
    text: str
    automatic: bool


def read_reply(raw: bytes) -> Reply | None:
    """The answer in a message; None for what is too large or no message."""
    if len(raw) > MOST_BYTES:
        return None
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(message, EmailMessage)
        senders = [address for _name, address in getaddresses([str(one) for one in message.get_all("From", [])])]
        if len(senders) != 1:
            return None
        return Reply(
            sender=parseaddr(senders[0])[1].casefold(),
            tokens=tuple(dict.fromkeys(_tokens(message))),
            message_id=str(message.get("Message-ID", "")).strip()[:200],
            text=spoken(_body(message)),
            automatic=_is_automatic(message),
        )
    except Exception:  # a header that breaks the parser: such a message says nothing to us
        return None


def _tokens(message: EmailMessage) -> list[str]:
    """The tokens in `name+token@…` of its addressees, then those of the messages that it answers."""
    found = []
    for header in ("To", "Cc", "Delivered-To", "X-Original-To"):
        for _name, address in getaddresses([str(one) for one in message.get_all(header, [])]):
            local = address.rpartition("@")[0]
            found += [local.partition("+")[2].casefold()]
    for header in ("In-Reply-To", "References"):
        found += re.findall(r"<annotation\.([a-z0-9]{20,32})\.", str(message.get(header, "")).casefold())
    return [one for one in found if TOKEN.fullmatch(one)]


def _is_automatic(message: EmailMessage) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).strip().casefold()
    precedence = str(message.get("Precedence", "")).strip().casefold()
    returned = str(message.get("Return-Path", "")).strip()
    return (
        not submitted.startswith("no")
        or precedence in ("bulk", "junk", "auto_reply", "list")
        or returned == "<>"
        or message.get("X-Autoreply") is not None
        or message.get_content_type() == "multipart/report"
    )


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, AssertionError):  # a character set that nobody knows
        raw = part.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return _plain(str(content)) if part.get_content_subtype() == "html" else str(content)


def spoken(body: str) -> str:
    """The text above whatever was quoted or signed, with its own lines."""
    kept: list[str] = []
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")[:MOST_LINES]
    for number, line in enumerate(lines):
        joined = line + (" " + lines[number + 1].strip() if number + 1 < len(lines) else "")
        introduced = any(one.match(line) for one in _INTRODUCED) or _INTRODUCED[0].match(joined[:500])
        if "✂" in line or _SIGNATURE.match(line) or introduced:
            break
        if line.lstrip().startswith((">", "＞")):
            continue
        kept.append(line.rstrip())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


class _Text(HTMLParser):
    """The words of an HTML mail; what is quoted in it is left out."""

    BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
    LEFT_OUT = frozenset({"blockquote", "style", "script", "head", "title"})
    EMPTY = frozenset({"br", "img", "hr", "meta", "link", "input"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the mail shows one."""
        quoted = "gmail_quote" in (dict(attrs).get("class") or "")
        if tag not in self.EMPTY and (self.inside or quoted or tag in self.LEFT_OUT):
            self.inside.append(tag)
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave what was left out."""
        if tag in self.inside:
            while self.inside and self.inside.pop() != tag:
                pass
        elif tag in self.BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words that nobody quoted."""
        if not self.inside:
            self.parts.append(" ".join(data.split("\n")))


def _plain(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)
