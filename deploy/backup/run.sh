#!/bin/sh
# In the container `backup`: a verified backup every BACKUP_EVERY_HOURS, kept for BACKUP_KEEP_DAYS, and encrypted where
# BACKUP_RECIPIENT names a key.
set -eu
if [ -n "${BACKUP_RECIPIENT:-}" ]; then
    set -- --recipient "$BACKUP_RECIPIENT"
fi
while true; do
    if ! ebook-scene-packer backup /backups --keep-days "$BACKUP_KEEP_DAYS" "$@"; then
        echo "The backup failed; it is tried again in an hour." >&2
        sleep 3600 &
        wait $!
        continue
    fi
    # In the background, so that a signal ends the wait at once.
    sleep $((BACKUP_EVERY_HOURS * 3600)) &
    wait $!
done
