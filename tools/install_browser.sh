#!/usr/bin/env bash
# Chromium and a font with Chinese characters for the browser tests: installs them where it may, else says what to do.
# The headless shell is Chromium without its windows; it needs half the processor time of the whole browser.
# Never fails: without them the browser tests skip, and where CI=true they fail and say the same.
set -u
playwright="$(dirname "$0")/../.venv/bin/playwright"
has_shell() { command -v chromium-headless-shell >/dev/null; }
has_browser() {
  [ -n "${TRACKER_CHROMIUM:-}" ] || has_shell || command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" >/dev/null
}
has_font() { fc-list 2>/dev/null | grep -qi cjk; }
has_both() { has_browser && has_font; }
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }

has_shell && has_font && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  has_both || { echo "Installing Chromium and a CJK font for the browser tests ..." && apt-get update -qq; }
  has_font || install fontconfig fonts-noto-cjk
  has_shell || ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || install chromium-headless-shell
  has_browser || install chromium
  # Ubuntu has Chromium as a snap only, which needs a running snapd; Playwright brings its own.
  has_browser || "$playwright" install --with-deps chromium >/dev/null
fi
has_both || echo "Browser tests need Chromium and a CJK font: sudo apt-get install chromium fontconfig fonts-noto-cjk" >&2
exit 0
