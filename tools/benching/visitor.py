"""A browser reduced to what measuring needs: one connection kept open, cookies, forms."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from zlib import MAX_WBITS, decompress

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

Answer = tuple[int, bytes, float]
"""Status, body as sent, and seconds until it was read."""


class Visitor:
    """Asks one server for pages and says how long each took, the whole answer read."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, object] | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Send one request: a GET, or with `form` a POST."""
        sent = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN", **(headers or {})}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form, doseq=True).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        method = "GET" if form is None else "POST"
        try:
            answer, content, took = self._send(method, path, body, sent)
        except (http.client.RemoteDisconnected, ConnectionError):  # it was idle for too long
            self.connection.close()
            answer, content, took = self._send(method, path, body, sent)
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer.status, content, took

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes, float]:
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer, content, time.perf_counter() - began

    def read(self, path: str) -> str:
        """The text of a page."""
        status, content, _took = self.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
        if content[:2] == b"\x1f\x8b":
            content = decompress(content, MAX_WBITS | 16)
        return content.decode()

    def token(self, path: str) -> str:
        """The form token on a page."""
        found = TOKEN.search(self.read(path))
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form."""
        form = {"username": username, "password": password, "csrf_token": self.token("/login")}
        status, _content, _took = self.ask("/login", form)
        if status != 303:
            raise RuntimeError(f"{username} cannot sign in: {status}")
