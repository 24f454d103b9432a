#!/bin/sh
# In the container `backup`: a verified backup every BACKUP_EVERY_HOURS, kept for BACKUP_KEEP_DAYS, and encrypted where
# BACKUP_RECIPIENT names a key; then the same in BACKUP_PLACE, where that names a bucket. `run.sh once` makes them now and
# ends.
set -eu
folder=${BACKUPS:-/backups}
is_once=
if [ "${1:-}" = once ]; then
    is_once=1
    shift
fi
if [ -n "${BACKUP_RECIPIENT:-}" ]; then
    set -- --recipient "$BACKUP_RECIPIENT"
fi
set -- --keep-days "$BACKUP_KEEP_DAYS" "$@"
# The first process of a container gets no signal that it does not ask for; one that runs in the background ends a wait.
trap 'kill $! 2> /dev/null || :; wait $! || :; exit 143' TERM INT
while true; do
    failed=
    ebook-scene-packer backup "$folder" "$@" &
    wait $! || failed=1
    # Each for itself: a full disk here is no reason to have none there.
    if [ -n "${BACKUP_PLACE:-}" ]; then
        ebook-scene-packer backup "$BACKUP_PLACE" "$@" &
        # What healthcheck.sh looks at, which cannot ask a bucket how old its newest is.
        if wait $! && printf '%s\n' "$BACKUP_PLACE" > "$folder/.elsewhere"; then :; else failed=1; fi
    fi
    if [ -n "$is_once" ]; then
        exit "${failed:-0}"
    elif [ -n "$failed" ]; then
        echo "The backup failed; it is tried again in an hour." >&2
        sleep 3600 &
    else
        sleep $((BACKUP_EVERY_HOURS * 3600)) &
    fi
    wait $!
done
