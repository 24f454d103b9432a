#!/bin/sh
# In the container `backup`: a verified backup every BACKUP_EVERY_HOURS, kept for BACKUP_KEEP_DAYS, and encrypted where
# BACKUP_RECIPIENT names a key.
set -eu
if [ -n "${BACKUP_RECIPIENT:-}" ]; then
    set -- --recipient "$BACKUP_RECIPIENT"
fi
# The first process of a container gets no signal that it does not ask for; one that runs in the background ends a wait.
trap 'kill $!; wait $!; exit 143' TERM INT
while true; do
    ebook-scene-packer backup /backups --keep-days "$BACKUP_KEEP_DAYS" "$@" &
    if ! wait $!; then
        echo "The backup failed; it is tried again in an hour." >&2
        sleep 3600 &
        wait $!
        continue
    fi
    sleep $((BACKUP_EVERY_HOURS * 3600)) &
    wait $!
done
