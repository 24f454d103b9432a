#!/bin/sh
# Goes back to the version before the last rolling update, node by node: rollback.sh [TAG]
#
# The schema stays: a version works with migrations of a newer one that only add, which their names say
# (`expand_…`). After another kind a node refuses to start; then restore a backup (docs/OPERATIONS.md).
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh
. deploy/compose.sh

# What stood in the logs before is not of this change.
LOGS_SINCE=$(date -u +%Y-%m-%dT%H:%M:%SZ)
export LOGS_SINCE

if [ $# -gt 0 ]; then
    tag=$1
elif [ -s .previous-tag ]; then
    tag=$(cat .previous-tag)
else
    echo "rollback.sh: no version before is known; name its tag" >&2
    exit 2
fi
current=$(name_what_runs "${IMAGE_TAG:-latest}")
# After an update that ended half way both are one: `.env` names what ran before, and some nodes run what came.
if [ "$tag" = "${IMAGE_TAG:-latest}" ]; then
    tag=$current
fi
# The frontend stays: it holds the files of both versions.
want_images "$tag" frontend
echo "Back from $current to $tag."
IMAGE_TAG=$tag
export IMAGE_TAG

for node in $(nodes); do
    echo "$node"
    bring "$node"
    wait_in_service "$node"
done
if has worker; then
    bring worker
    wait_healthy worker
fi
renew_the_rest
remember_tag "$tag"
if [ "$tag" != "$current" ]; then
    printf '%s\n' "$current" > .previous-tag
fi
deploy/smoke.sh
echo "All nodes run $tag."
