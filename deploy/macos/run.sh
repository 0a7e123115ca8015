#!/bin/bash
# What launchd starts: the bot. Where starting it again would not help, this ends well, and launchd leaves it at that.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
bot=
asked=
stop() {
    asked=yes
    [ -z "$bot" ] || kill -TERM "$bot" 2>/dev/null || true
}
trap stop TERM INT HUP
"$root/.venv/bin/transfer-bot" run &
bot=$!
# Asked before it was known whom to ask.
[ -z "$asked" ] || stop
status=0
wait "$bot" || status=$?
# A signal ends the waiting, and the bot a little later.
while kill -0 "$bot" 2>/dev/null; do
    status=0
    wait "$bot" || status=$?
done
case $status in
    2 | 3 | 4) echo "The bot is not started again before this is mended." >&2 ;;
    *) exit "$status" ;;
esac
