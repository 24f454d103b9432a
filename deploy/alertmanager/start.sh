#!/bin/sh
# In the container `alertmanager`: with an address in the secret `alert_webhook_url` alerts are sent there. Without it
# webhook.yml is taken as it is, once somebody has written another way into it; else they are only shown.
set -eu
# The root file system is read-only.
configuration="${TMPDIR:-/dev/shm}/alertmanager.yml"
placeholder=http://webhook.invalid/
address=$(cat /run/secrets/alert_webhook_url)
if [ -n "$address" ]; then
    # A URL holds no `|`; `&` would stand for what is replaced.
    escaped=$(printf '%s' "$address" | sed 's/[\\&]/\\&/g')
    sed "s|$placeholder|$escaped|" /etc/alertmanager/webhook.yml > "$configuration"
elif grep -q "$placeholder" /etc/alertmanager/webhook.yml; then
    cp /etc/alertmanager/alertmanager.yml "$configuration"
else
    cp /etc/alertmanager/webhook.yml "$configuration"
fi
exec /bin/alertmanager --config.file="$configuration" --storage.path=/alertmanager
