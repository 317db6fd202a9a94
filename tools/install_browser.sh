#!/usr/bin/env bash
# Chromium and a font with Chinese characters for the browser tests: installs them where it may, else says what to do.
# Never fails: without them the browser tests skip, and where CI=true they fail and say the same.
set -u
playwright="$(dirname "$0")/../.venv/bin/playwright"
has_browser() {
  [ -n "${TRACKER_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" >/dev/null
}
has_font() { fc-list 2>/dev/null | grep -qi cjk; }
has_both() { has_browser && has_font; }

has_both && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and a CJK font for the browser tests ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends fontconfig fonts-noto-cjk >/dev/null
  has_browser || apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1
  # Ubuntu has Chromium as a snap only, which needs a running snapd; Playwright brings its own.
  has_browser || "$playwright" install --with-deps chromium >/dev/null
fi
has_both || echo "Browser tests need Chromium and a CJK font: sudo apt-get install chromium fontconfig fonts-noto-cjk" >&2
exit 0
