#!/bin/sh
# In the container `alertmanager`: with ALERT_WEBHOOK_URL alerts are sent there, without it they are only shown.
set -eu
# The root file system is read-only.
configuration="${TMPDIR:-/dev/shm}/alertmanager.yml"
if [ -n "${ALERT_WEBHOOK_URL:-}" ]; then
    # A URL holds no `|`.
    sed "s|http://webhook.invalid/|$ALERT_WEBHOOK_URL|" /etc/alertmanager/webhook.yml > "$configuration"
else
    cp /etc/alertmanager/alertmanager.yml "$configuration"
fi
exec /bin/alertmanager --config.file="$configuration" --storage.path=/alertmanager
