#!/bin/sh
# In the container `prometheus`: its files as they are, but for how often a backup is due. `start.sh again` hands them to the
# one that runs.
set -eu
# The root file system is read-only.
folder=${TMPDIR:-/tmp}/prometheus
mkdir -p "$folder"
cp /etc/prometheus/prometheus.yml /etc/prometheus/alerts.yml "$folder/"
sed "s/vector(86400)/vector($((BACKUP_EVERY_HOURS * 3600)))/" /etc/prometheus/rules.yml > "$folder/rules.yml"
if [ "${1:-}" = again ]; then
    kill -HUP 1
    exit
fi
exec /bin/prometheus --config.file="$folder/prometheus.yml" "$@"
