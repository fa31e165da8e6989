#!/bin/sh
# A Chromium for the browser tests: the system's, else Debian's where root may install it, else
# Playwright's own download. Where none can be had the tests say so, and fail when CI is set.
python=$1
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null \
        && exit 0
fi
echo "Fetching Playwright's chromium for the browser tests ..."
"$python" -m playwright install chromium \
    || echo "No browser could be had: the browser tests will be skipped." >&2
