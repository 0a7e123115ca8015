#!/bin/bash
# Starts the transfer bot whenever you log on to this Mac, and again when it fails.
#
#   bash deploy/macos/at-log-on.sh              from now on
#   bash deploy/macos/at-log-on.sh --uninstall  no longer; settings, database and log stay
set -euo pipefail

label=ixbrowser-transfer-bot
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
logs=$HOME/Library/Logs/$label
agent=$HOME/Library/LaunchAgents/$label.plist
session=gui/$(id -u)

sorry() {
    printf '%s\n' "$1" >&2
    exit 1
}

stop() {
    # Booting out returns before the bot has ended; a new start would be refused until then.
    launchctl bootout "$session/$label" 2>/dev/null || return 0
    while launchctl print "$session/$label" >/dev/null 2>&1; do sleep 1; done
}

case "${1:-}" in
    "") ;;
    --uninstall)
        stop
        rm -f "$agent"
        echo "The bot is stopped and no longer starts when you log on."
        exit
        ;;
    *) sorry "Usage: bash deploy/macos/at-log-on.sh [--uninstall]" ;;
esac

[ -x "$root/.venv/bin/transfer-bot" ] || sorry "There is no $root/.venv yet: set the bot up first, as the README says."
[ -f "$root/.env" ] || sorry "There is no .env in $root yet: copy deploy/env.example there and fill it in."
case "$root/" in
    "$HOME"/Desktop/* | "$HOME"/Documents/* | "$HOME"/Downloads/*)
        sorry "macOS keeps what starts at log-on out of Desktop, Documents and Downloads: move this folder elsewhere, delete its folder .venv, and set it up again."
        ;;
esac

umask 077
mkdir -p "$logs" "$(dirname "$agent")"
stop
"$root/.venv/bin/python" - "$here/transfer-bot.plist" "$agent" "$root" "$logs" <<'PYTHON'
import plistlib
import sys
from pathlib import Path

template, agent, root, logs = sys.argv[1:]


def filled(value):
    if isinstance(value, str):
        return value.replace("{root}", root).replace("{logs}", logs)
    return [filled(each) for each in value] if isinstance(value, list) else value


job = {key: filled(value) for key, value in plistlib.loads(Path(template).read_bytes()).items()}
Path(agent).write_bytes(plistlib.dumps(job))
PYTHON
launchctl bootstrap "$session" "$agent"
echo "The bot is running, and starts whenever you log on. Its log, unless LOG_FILE says otherwise, and what it said at"
echo "its start, such as why it did not:"
echo "  $logs/transfer-bot.log"
echo "  $logs/start.log"
