#!/bin/sh
# In the container `alertmanager`: webhook.yml with the addresses in the secrets `alert_webhook_url` and `watchdog_url`. A
# line whose address is not known is left out; a file without placeholders is taken as it is. `start.sh again` hands it to
# the one that runs.
set -eu
# The root file system is read-only.
configuration="${TMPDIR:-/dev/shm}/alertmanager.yml"

# What makes of a line with this placeholder one with the address in this secret.
put_in() {
    address=
    # One that an installation from before does not have yet.
    if [ -s "/run/secrets/$2" ]; then
        address=$(cat "/run/secrets/$2")
    fi
    if [ -n "$address" ]; then
        # A URL holds no `|`; `&` would stand for what is replaced.
        printf 's|%s|%s|' "$1" "$(printf '%s' "$address" | sed 's/[\\&]/\\&/g')"
    else
        printf '\\|%s|d' "$1"
    fi
}
sed -e "$(put_in http://webhook.invalid/ alert_webhook_url)" -e "$(put_in http://watchdog.invalid/ watchdog_url)" \
    /etc/alertmanager/webhook.yml > "$configuration"
if [ "${1:-}" = again ]; then
    kill -HUP 1
    exit
fi
exec /bin/alertmanager --config.file="$configuration" --storage.path=/alertmanager
