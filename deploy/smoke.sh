#!/bin/sh
# After a deployment: is it there, whole and closed where it must be? smoke.sh [URL]
#
# URL is PUBLIC_URL by default. INSECURE=1 takes a certificate that nobody signed, for rehearsals.
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh

url=${1:-${PUBLIC_URL:-http://localhost:8080}}
failures=0
insecure=
if [ "${INSECURE:-}" = 1 ]; then
    insecure=--insecure
fi
ask() {
    # shellcheck disable=SC2086 # an empty option must vanish
    curl --silent --show-error --max-time 10 $insecure "$@"
}
check() {
    what=$1
    if [ "$2" = "$3" ]; then
        printf 'good   %s\n' "$what"
    else
        printf 'wrong  %s: expected %s, got %s\n' "$what" "$2" "$3"
        failures=$((failures + 1))
    fi
}
status() {
    ask --output /dev/null --write-out '%{http_code}' "$@"
}

check "the page to sign in" 200 "$(status "$url/sign-in")"
check "health answers" 200 "$(status "$url/api/health")"
health=$(ask "$url/api/health")
case "$health" in
    # The first word is the whole; each part follows with its own.
    '{"status":"healthy"'*) printf 'good   everything is healthy\n' ;;
    *)
        printf 'wrong  not everything is healthy: %s\n' "$health"
        failures=$((failures + 1))
        ;;
esac
check "the API asks who one is" 401 "$(status "$url/api/v1/releases")"
check "metrics stay inside" 403 "$(status "$url/metrics")"
style=$(ask "$url/sign-in" | grep -o '/pkg/[^"]*\.css' | head -1)
check "the style of the page" 200 "$(status "$url${style:-/no-style-in-the-page}")"
case "$url" in
    https://*)
        hsts=$(ask --head "$url/sign-in" | tr -d '\r' | grep -ic '^strict-transport-security: max-age=31536000')
        check "browsers are told to stay with https" 1 "$hsts"
        ;;
esac
if [ "$failures" -gt 0 ]; then
    echo "$failures checks failed; docs/OPERATIONS.md says what to do." >&2
    exit 1
fi
