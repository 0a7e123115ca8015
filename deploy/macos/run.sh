#!/bin/bash
# What launchd starts: the bot. Where starting it again would not help, this ends well, and launchd leaves it at that.
#
#   bash run.sh [FOLDER]  what it says beside its log is in FOLDER/start.log, made anew at each start
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -d "${1:-}" ]; then
    said=$1/start.log
    # launchd would append to it for ever. What ended the bot before is in the one before.
    [ ! -f "$said" ] || mv -f "$said" "$said.old"
    exec >"$said" 2>&1
fi
bot=
asked=
stop() {
    asked=yes
    [ -z "$bot" ] || kill -TERM "$bot" 2>/dev/null || true
}
trap stop TERM INT HUP
"$root/.venv/bin/transfer-bot" run --quiet &
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
