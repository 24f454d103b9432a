#!/bin/sh
# Brings a new version to all nodes, one after the other, while the others answer: rolling-update.sh [TAG]
#
# Without TAG images are built from this folder, under a name of their own (`built-…`). A node that does not become healthy
# ends it: the nodes that are left still run the old version. The tag before is kept for rollback.sh.
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh
. deploy/compose.sh

# What stood in the logs before is not of this change.
LOGS_SINCE=$(date -u +%Y-%m-%dT%H:%M:%SZ)
export LOGS_SINCE

old=$(name_what_runs "${IMAGE_TAG:-latest}")
if [ $# -gt 0 ]; then
    new=$1
    if [ "$new" = "$old" ]; then
        # One name for two versions: there would be nothing to go back to.
        echo "rolling-update.sh: $new is what runs; a new version needs a tag of its own" >&2
        exit 2
    fi
    echo "From $old to $new."
    IMAGE_TAG=$new
    export IMAGE_TAG
    compose pull --quiet backend frontend nginx || echo "The images are not in the registry; those of this machine are taken." >&2
    want_images "$new"
else
    # A name of its own for each build: what runs now keeps its own, so that there is something to go back to.
    new=$(date -u +built-%Y%m%d-%H%M%S)
    echo "From $old to $new."
    IMAGE_TAG=$new
    export IMAGE_TAG
    compose build backend frontend nginx
fi

# Migrations only add (docs/OPERATIONS.md): the old version works on with the new schema.
compose run --rm --no-deps migrate migrate

# Its files first: the old ones stay beside them, so that old and new pages find theirs.
bring frontend
wait_healthy frontend

# Before the first node is touched: half way, too, there must be a way back.
printf '%s\n' "$old" > .previous-tag

for node in $(nodes); do
    echo "$node"
    # Stopping drains: the node takes no new connection, answers what is under way, and nginx goes to the others.
    bring "$node"
    wait_in_service "$node"
done
if has worker; then
    echo worker
    bring worker
    wait_healthy worker
fi

renew_the_rest
remember_tag "$new"
deploy/smoke.sh
echo "All nodes run $new. deploy/rollback.sh goes back to $old."
