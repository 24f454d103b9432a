#!/bin/sh
# Healthy while the newest complete backup is not older than one turn and two hours.
set -eu
minutes=$((BACKUP_EVERY_HOURS * 60 + 120))
found=$(find /backups -mindepth 2 -maxdepth 2 -name backup.json -mmin "-$minutes" | head -1)
test -n "$found"
