#!/bin/sh
# Writes what Prometheus is told at METRICS_PORT: metrics.sh PREFIX [CERTIFICATE]
#
# Written anew under another name: nobody reads half of it.
set -eu

folder=$1/metrics
certificate=${2:-}

mkdir -p "$folder"
{
    echo '# TYPE nginx_up gauge'
    echo 'nginx_up 1'
    if [ -n "$certificate" ]; then
        end=$(openssl x509 -noout -enddate -in "$certificate")
        echo '# TYPE certificate_end_time_seconds gauge'
        echo "certificate_end_time_seconds $(date -d "${end#notAfter=}" +%s)"
    fi
} > "$folder/metrics.new"
mv "$folder/metrics.new" "$folder/metrics"
