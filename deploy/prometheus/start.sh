#!/bin/sh
# In the container `prometheus`: its files as they are, but for how often a backup is due.
set -eu
# The root file system is read-only.
folder=${TMPDIR:-/tmp}/prometheus
mkdir -p "$folder"
cp /etc/prometheus/prometheus.yml /etc/prometheus/alerts.yml "$folder/"
sed "s/vector(86400)/vector($((BACKUP_EVERY_HOURS * 3600)))/" /etc/prometheus/rules.yml > "$folder/rules.yml"
exec /bin/prometheus --config.file="$folder/prometheus.yml" "$@"
