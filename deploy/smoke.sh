#!/bin/sh
# After a deployment: is it there, whole and closed where it must be? smoke.sh [URL]
#
# URL is PUBLIC_URL by default. INSECURE=1 takes a certificate that nobody signed, for rehearsals. Every check is made,
# whatever the ones before it have found.
set -u
cd "$(dirname "$0")/.." || exit 2
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
# `curl` ends with 60 when nobody it trusts has signed the certificate.
reach() {
    ask --output /dev/null "$url/sign-in" 2> /dev/null
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
    # `000` is what curl writes when nobody answers; why stands on the standard error.
    ask --output /dev/null --write-out '%{http_code}' "$@"
}

# At the very first start nginx waits for its certificate: certbot has it within a minute or two.
seconds=120
until
    reach
    reached=$?
    [ "$reached" -ne 60 ] || [ "$seconds" -le 0 ]
do
    if [ "$seconds" -eq 120 ]; then
        echo "waiting for the certificate, up to two minutes" >&2
    fi
    sleep 5
    seconds=$((seconds - 5))
done
if [ "$reached" -eq 60 ]; then
    echo "wrong  no browser trusts the certificate: docker compose logs certbot says why; INSECURE=1 checks the rest" >&2
    failures=$((failures + 1))
fi

check "the page to sign in" 200 "$(status "$url/sign-in")"
check "health answers" 200 "$(status "$url/api/health")"
health=$(ask "$url/api/health")
# The first word is the whole; each part follows with its own. Of disk and memory preflight.sh and the alerts speak: they
# are the machine's, and no fault of what was brought to it.
parts=$(printf '%s' "$health" | sed 's/^{"status":"[a-z]*"//; s/"disk":{[^}]*}//; s/"memory":{[^}]*}//')
case "$health" in
    '{"status":"healthy"'*) printf 'good   everything is healthy\n' ;;
    '{"status":"degraded"'*)
        case "$parts" in
            *'"degraded"'* | *'"unhealthy"'*)
                printf 'wrong  not everything is healthy: %s\n' "$health"
                failures=$((failures + 1))
                ;;
            *) printf 'note   only the machine has little left: %s\n' "$health" ;;
        esac
        ;;
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
