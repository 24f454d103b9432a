#!/bin/sh
# Makes every node anew, one after the other, while the others answer: after a change of a secret or of `.env`.
#
# `docker compose restart` would keep the old environment, and `up -d` would not notice a secret that has changed. The
# databases stay: their passwords are told to the server itself (docs/OPERATIONS.md).
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh
. deploy/compose.sh

# The version stays, also where its name means another one by now.
IMAGE_TAG=$(name_what_runs "${IMAGE_TAG:-latest}")
export IMAGE_TAG

# Whoever is told of no secret of ours is made anew only where `.env` has changed what it is told.
renew() {
    for service in "$@"; do
        if has "$service"; then
            bring "$service"
            wait_healthy "$service"
        fi
    done
}

# Before the nodes that ask it, with what it wants of them from now on; those of before do without.
if has redis; then
    bring --force-recreate redis
    wait_healthy redis
fi
for node in $(nodes); do
    echo "$node"
    bring --force-recreate "$node"
    wait_in_service "$node"
done
for service in worker backup; do
    if has "$service"; then
        echo "$service"
        bring --force-recreate "$service"
    fi
done
if has worker; then
    wait_healthy worker
fi
# For the seconds that the proxy takes nobody is answered.
renew frontend nginx prometheus alertmanager grafana
# Through the proxy it proves the names of the certificate, which may take minutes: nobody waits for it.
if has certbot; then
    bring certbot
fi
echo "All nodes are new."
