#!/bin/sh
# In the container `certbot`: gets the certificate once nginx answers, looks every hour whether it must be renewed, and each
# time hands nginx what there is: a copy that failed once, or a volume that was lost, is made good an hour later.
set -eu
first_name=${SERVER_NAMES%% *}
names=
for name in $SERVER_NAMES; do
    names="$names -d $name"
done
# The first process of a container gets no signal that it does not ask for; one that runs in the background ends a wait.
trap 'kill $! 2> /dev/null || :; wait $! || :; exit 143' TERM INT
while true; do
    # `certonly` renews only what is about to expire.
    # shellcheck disable=SC2086 # one option for each name
    certbot certonly --webroot --webroot-path /var/www/acme $names --cert-name "$first_name" \
        --email "$CERTBOT_EMAIL" --agree-tos --non-interactive --keep-until-expiring \
        --deploy-hook /opt/certbot/hook.sh &
    if ! wait $!; then
        echo "No certificate this time; tried again in an hour, or at once when this container is restarted." >&2
    fi
    lineage=/etc/letsencrypt/live/$first_name
    if [ -e "$lineage" ] && ! RENEWED_LINEAGE=$lineage /bin/sh /opt/certbot/hook.sh; then
        echo "The certificate could not be handed to nginx; tried again in an hour." >&2
    fi
    sleep 3600 &
    wait $!
done
