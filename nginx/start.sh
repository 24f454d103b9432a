#!/bin/sh
# Starts nginx as `proxy` or `frontend`, with what the environment says (render.sh lists it).
set -eu

role=${1:?proxy or frontend}
prefix=${PREFIX:-/run/nginx}
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=nginx/names.sh
. "$here/names.sh"

"$here/render.sh" "$role" "$prefix"

# The files of the version before stay for thirty days: a page that somebody opened yesterday asks for them today.
if [ "$role" = frontend ]; then
    assets=${ASSETS:-/srv/assets}
    site=${SITE:-/srv/site}
    # Counted from the day on which the version after it came, however long it ran.
    newest=$assets/.newest
    if [ -e "$newest" ]; then
        (cd "$assets" && xargs -0 touch -c < "$newest")
    else
        find "$assets" -type f -exec touch {} +
    fi
    cp -R "$site/." "$assets/"
    (cd "$site" && find . -type f -print0) > "$newest"
    find "$assets" -type f -mtime +30 ! -newer "$prefix/conf/frontend.conf" | while IFS= read -r file; do
        [ -e "$site/${file#"$assets/"}" ] || rm -f "$file"
    done
fi

if [ "$role" = proxy ] && [ "${TLS:-off}" = on ]; then
    # At the very first start there is no certificate yet, and without nginx certbot cannot get one.
    if [ ! -e "$TLS_CERTIFICATE" ]; then
        echo "start.sh: no certificate at $TLS_CERTIFICATE yet: starting with one that no browser trusts" >&2
        # For a week only: monitoring asks for two, so it is told of one that nobody replaces.
        openssl req -x509 -newkey rsa:2048 -nodes -days 7 -subj "/CN=not-yet" \
            -keyout "$TLS_CERTIFICATE_KEY" -out "$TLS_CERTIFICATE" 2> "$prefix/openssl.log"
    fi
    # Before anything else looks at it: what comes from now on is another one.
    known=$(stat -L -c %y "$TLS_CERTIFICATE")
    "$here/metrics.sh" "$prefix" "$TLS_CERTIFICATE"
    # A renewed certificate is taken over within a minute. `nginx -s reload` finishes what is under way. One that nginx
    # refuses is tried again each minute; it goes on with the one that it has, and monitoring with the end of that.
    (
        # This process becomes nginx; with it goes this loop.
        while sleep "${CERTIFICATE_EVERY_SECONDS:-60}" && kill -0 $$; do
            now=$(stat -L -c %y "$TLS_CERTIFICATE") || continue
            if [ "$now" != "$known" ] && nginx -p "$prefix" -c "$prefix/conf/proxy.conf" -s reload; then
                known=$now
                "$here/metrics.sh" "$prefix" "$TLS_CERTIFICATE"
            fi
        done
    ) &
else
    "$here/metrics.sh" "$prefix"
fi

exec "$here/run.sh" "$role" "$prefix"
