#!/bin/sh
# Healthy while the newest complete backup is not older than one turn and two hours, here and in BACKUP_PLACE.
set -eu
folder=${BACKUPS:-/backups}
minutes=$((BACKUP_EVERY_HOURS * 60 + 120))
# Complete ones alone have this file, and it is written after everything was read again.
found=$(find "$folder" -mindepth 2 -maxdepth 2 -name backup.json -mmin "-$minutes" 2> /dev/null | head -1)
if [ -z "$found" ]; then
    echo "no verified backup of the last $((minutes / 60)) hours in $folder"
    exit 1
fi
if [ -n "${BACKUP_PLACE:-}" ]; then
    known=$(find "$folder/.elsewhere" -mmin "-$minutes" 2> /dev/null) || known=
    if [ -z "$known" ] || [ "$(cat "$known")" != "$BACKUP_PLACE" ]; then
        echo "no verified backup of the last $((minutes / 60)) hours in $BACKUP_PLACE"
        exit 1
    fi
fi
echo "${found%/backup.json}"
