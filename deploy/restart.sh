#!/bin/sh
# Makes every node anew, one after the other, while the others answer: after a change of a secret or of `.env`.
#
# `docker compose restart` would keep the old environment, and `up -d` would not notice a secret that has changed.
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh
. deploy/compose.sh

for node in $(nodes); do
    echo "$node"
    compose up -d --no-deps --force-recreate "$node"
    wait_in_service "$node"
done
for service in worker backup; do
    if compose config --services | grep -qx "$service"; then
        echo "$service"
        compose up -d --no-deps --force-recreate "$service"
    fi
done
if compose config --services | grep -qx worker; then
    wait_healthy worker
fi
echo "All nodes are new."
