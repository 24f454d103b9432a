#!/bin/sh
# Makes the configuration of one role from the environment: render.sh proxy|frontend PREFIX
#
# PREFIX is the folder that nginx runs in (`nginx -p PREFIX -c PREFIX/conf/proxy.conf`); everything it writes is there.
#
#   UPLOAD_MAX_BYTES   largest book; the limit of a request is this plus 1 MiB (500000000)
#   PUBLIC_URL         where people reach the product (required)
#   BACKENDS           the nodes, HOST:PORT, separated by blanks (backend:5000)
#   FRONTEND           HOST:PORT of the static files (frontend:8080)
#   RATE_LIMIT         requests a second from one address, before the bursts (50)
#   TLS                on or off (off); with on:
#   SERVER_NAMES         the names of the site, separated by blanks (the host of PUBLIC_URL); the others lead to that one
#   TLS_CERTIFICATE      /etc/ssl/certs/FIRST_NAME.crt
#   TLS_CERTIFICATE_KEY  /etc/ssl/private/FIRST_NAME.key
#   ACME_ROOT            where certbot puts its proofs (/var/www/acme)
#   WORKER_PROCESSES   processes of nginx that answer (2)
#   SHUTDOWN_TIMEOUT   how long one that is sent away goes on with what is under way (30m)
#   METRICS_PORT       where Prometheus asks, which is not for the world; empty for nowhere
#   HTTP_PORT, HTTPS_PORT, ACCESS_LOG, ASSETS: 8080, 8443, /dev/stdout, /srv/assets
set -eu

role=$1
prefix=$2
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck source=nginx/names.sh
. "$here/names.sh"

: "${UPLOAD_MAX_BYTES:=500000000}"
: "${BACKENDS:=backend:5000}"
: "${FRONTEND:=frontend:8080}"
: "${RATE_LIMIT:=50}"
: "${TLS:=off}"
: "${WORKER_PROCESSES:=2}"
: "${SHUTDOWN_TIMEOUT:=30m}"
: "${METRICS_PORT:=}"
: "${HTTP_PORT:=8080}"
: "${HTTPS_PORT:=8443}"
: "${ACCESS_LOG:=/dev/stdout}"
: "${ASSETS:=/srv/assets}"
: "${ACME_ROOT:=/var/www/acme}"

case "$UPLOAD_MAX_BYTES" in
    '' | *[!0-9]*)
        echo "render.sh: UPLOAD_MAX_BYTES takes a number of bytes, not '$UPLOAD_MAX_BYTES'" >&2
        exit 2
        ;;
esac
case "$TLS" in
    on) site='site-tls' ;;
    off) site='site-http' ;;
    *)
        echo "render.sh: TLS takes on or off, not '$TLS'" >&2
        exit 2
        ;;
esac

# The one size limit: a form around the book needs a little more than the book.
BODY_LIMIT=$((UPLOAD_MAX_BYTES + 1048576))
UPLOAD_MAX_MEGABYTES=$((UPLOAD_MAX_BYTES / 1000000))

# Passive health checks: three failures, and a node rests for five seconds.
BACKEND_SERVERS=
for backend in $BACKENDS; do
    BACKEND_SERVERS="$BACKEND_SERVERS server $backend max_fails=3 fail_timeout=5s;"
done

# A port, with what else stands behind it: by IPv6, too, where the kernel has it. With an address before it, that alone.
listen() {
    printf 'listen %s%s;' "$1" "${2:+ $2}"
    case "$1" in
        *[!0-9]*) ;;
        *)
            if [ -e /proc/net/if_inet6 ]; then
                printf ' listen [::]:%s%s;' "$1" "${2:+ $2}"
            fi
            ;;
    esac
}
HTTP_LISTEN=$(listen "$HTTP_PORT" default_server)
HTTPS_LISTEN=$(listen "$HTTPS_PORT" 'ssl http2')
HTTPS_LISTEN_FIRST=$(listen "$HTTPS_PORT" 'ssl http2 default_server')
METRICS_LISTEN=$(listen "$METRICS_PORT")

export UPLOAD_MAX_BYTES UPLOAD_MAX_MEGABYTES BODY_LIMIT PUBLIC_URL BACKEND_SERVERS FRONTEND RATE_LIMIT SITE_NAME OTHER_NAMES
export TLS_CERTIFICATE TLS_CERTIFICATE_KEY HTTP_LISTEN HTTPS_LISTEN HTTPS_LISTEN_FIRST METRICS_LISTEN
export WORKER_PROCESSES SHUTDOWN_TIMEOUT ACCESS_LOG ASSETS ACME_ROOT

# Only these: nginx's own variables look the same.
# shellcheck disable=SC2016 # envsubst takes the names themselves
names='$UPLOAD_MAX_BYTES $UPLOAD_MAX_MEGABYTES $BODY_LIMIT $PUBLIC_URL $BACKEND_SERVERS $FRONTEND $RATE_LIMIT
    $SITE_NAME $OTHER_NAMES $TLS_CERTIFICATE $TLS_CERTIFICATE_KEY $HTTP_LISTEN $HTTPS_LISTEN $HTTPS_LISTEN_FIRST
    $METRICS_LISTEN $WORKER_PROCESSES $SHUTDOWN_TIMEOUT $ACCESS_LOG $ASSETS $ACME_ROOT'

render() {
    envsubst "$names" < "$here/$1" > "$conf/$2"
}

conf=$prefix/conf
mkdir -p "$conf/snippets" "$conf/errors" "$prefix/temp"
cp "$here"/snippets/*.conf "$conf/snippets/"
render templates/access-log.conf access-log.conf
render templates/main.conf main.conf
if [ -n "$METRICS_PORT" ]; then
    render templates/metrics.conf metrics.conf
else
    : > "$conf/metrics.conf"
fi
case "$role" in
    proxy)
        cp "$here/nginx.conf" "$conf/proxy.conf"
        cp "$here/errors/error.css" "$conf/errors/error.css"
        render templates/limits.conf limits.conf
        render templates/upstreams.conf upstreams.conf
        render "templates/$site.conf" site.conf
        for page in "$here"/errors/*/*.html "$here"/errors/*/*.json; do
            name=${page#"$here/"}
            mkdir -p "$conf/${name%/*}"
            render "$name" "$name"
        done
        ;;
    frontend)
        cp "$here/frontend.conf" "$conf/frontend.conf"
        render templates/frontend-site.conf frontend-site.conf
        ;;
    *)
        echo "render.sh: the role is proxy or frontend, not '$role'" >&2
        exit 2
        ;;
esac
