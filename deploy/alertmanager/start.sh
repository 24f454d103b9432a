#!/bin/sh
# In the container `alertmanager`: with ALERT_WEBHOOK_URL alerts are sent there, without it they are only shown.
set -eu
if [ -n "${ALERT_WEBHOOK_URL:-}" ]; then
    # A URL holds no `|`.
    sed "s|http://webhook.invalid/|$ALERT_WEBHOOK_URL|" /etc/alertmanager/webhook.yml > /tmp/alertmanager.yml
else
    cp /etc/alertmanager/alertmanager.yml /tmp/alertmanager.yml
fi
exec /bin/alertmanager --config.file=/tmp/alertmanager.yml --storage.path=/alertmanager
