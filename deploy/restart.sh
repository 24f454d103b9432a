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
    if has "$service"; then
        echo "$service"
        compose up -d --no-deps --force-recreate "$service"
    fi
done
if has worker; then
    wait_healthy worker
fi
# What has no secret is made anew only where `.env` has changed what it is told. The proxy is the last: for the seconds that
# it takes nobody is answered.
for service in prometheus frontend nginx; do
    if has "$service"; then
        compose up -d --no-deps "$service"
        wait_healthy "$service"
    fi
done
echo "All nodes are new."
