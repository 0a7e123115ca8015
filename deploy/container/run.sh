#!/bin/bash
# What the container starts: a command of the bot. Where starting "run" again would not help, this waits until it is
# stopped, since Docker would start it again whatever it ends with.
set -euo pipefail

if [ "${1:-}" != run ]; then
    exec transfer-bot "$@"
fi
bot=
asked=
stop() {
    asked=yes
    [ -z "$bot" ] || kill -TERM "$bot" 2>/dev/null || true
}
trap stop TERM INT
transfer-bot "$@" &
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
    2 | 3 | 4)
        sleep infinity &
        sleeping=$!
        trap 'kill "$sleeping"; exit 0' TERM INT
        echo "The bot is not started again before this is mended: stop the container." >&2
        wait "$sleeping"
        ;;
    *) exit "$status" ;;
esac
