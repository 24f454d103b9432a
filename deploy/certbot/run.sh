#!/bin/sh
# In the container `certbot`: gets the certificate once nginx answers, and looks twice a day whether it must be renewed.
set -eu
first_name=${SERVER_NAMES%% *}
names=
for name in $SERVER_NAMES; do
    names="$names -d $name"
done
# The first process of a container gets no signal that it does not ask for; one that runs in the background ends a wait.
trap 'kill $!; wait $!; exit 143' TERM INT
while true; do
    # `certonly` renews only what is about to expire. The hook hands the files to nginx, which sees them within a minute.
    # shellcheck disable=SC2086 # one option for each name
    certbot certonly --webroot --webroot-path /var/www/acme $names --cert-name "$first_name" \
        --email "$CERTBOT_EMAIL" --agree-tos --non-interactive --keep-until-expiring \
        --deploy-hook /opt/certbot/hook.sh &
    if ! wait $!; then
        echo "No certificate this time; tried again in twelve hours, or at once when this container is restarted." >&2
    fi
    sleep 43200 &
    wait $!
done
