#!/usr/bin/env bash
# Chromium and a font with Chinese characters for the browser tests: installs them where it may, else says what to do.
set -eu
if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi "cjk"; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null
else
  echo "Browser tests need Chromium and a CJK font: sudo apt-get install chromium fonts-noto-cjk" >&2
fi
