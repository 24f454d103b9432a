#!/bin/sh
# After a deployment: is it there, whole, closed where it must be, watched, quiet and quick? smoke.sh [URL]
#
# URL is PUBLIC_URL by default. INSECURE=1 takes a certificate that nobody signed, for rehearsals. LOGS_SINCE says from when
# on the logs are looked through (10m), SLOWEST_MS how long a page may take (500), WAIT for how many seconds it is waited for
# what only begins (120; for Prometheus 30). Every check is made, whatever the ones before it have found.
set -u
cd "$(dirname "$0")/.." || exit 2
. deploy/read-env.sh
. deploy/compose.sh

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
# What is still to come, or nothing. `curl` ends with 60 when nobody it trusts has signed the certificate.
lacking() {
    code=$(ask --output /dev/null --write-out '%{http_code}' "$url/sign-in" 2> /dev/null)
    case "$?:$code" in
        60:*) echo certificate ;;
        *:000 | *:502 | *:503 | *:504) echo node ;;
    esac
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

# nginx does not wait for the nodes, nor at the very first start for its certificate: certbot has it within a minute or two.
until=$(($(date +%s) + ${WAIT:-120}))
said=
while
    lacks=$(lacking)
    [ -n "$lacks" ] && [ "$(date +%s)" -lt "$until" ]
do
    if [ "$lacks" != "$said" ]; then
        echo "waiting for the $lacks, up to ${WAIT:-120} seconds" >&2
        said=$lacks
    fi
    sleep 2
done
if [ "$lacks" = certificate ]; then
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
        # certbot renews a month before the end.
        address=${url#https://}
        address=${address%%/*}
        name=${address%:*}
        case "$address" in *:*) ;; *) address=$address:443 ;; esac
        if ! command -v openssl > /dev/null; then
            echo "note   no openssl here, which would say when the certificate ends"
        else
            certificate=$(openssl s_client -connect "$address" -servername "$name" < /dev/null 2> /dev/null)
            end=$(printf '%s\n' "$certificate" | openssl x509 -noout -enddate 2> /dev/null)
            if printf '%s\n' "$certificate" | openssl x509 -noout -checkend 1209600 > /dev/null 2>&1; then
                printf 'good   the certificate holds for two weeks and more: until %s\n' "${end#notAfter=}"
            elif [ -n "$insecure" ]; then
                printf 'note   the certificate ends within two weeks, as those of rehearsals do\n'
            else
                printf 'wrong  the certificate ends within two weeks: %s\n' "${end:-none was shown}"
                failures=$((failures + 1))
            fi
        fi
        ;;
esac

# One in twenty may be slow: p95.
slowest_ms=${SLOWEST_MS:-500}
times=$(mktemp)
asked=0
while [ "$asked" -lt 20 ]; do
    ask --output /dev/null --write-out '%{http_code} %{time_total}\n' "$url/sign-in" >> "$times"
    asked=$((asked + 1))
done
# A refusal is quick, and no answer.
answered=$(grep -c '^200 ' "$times")
# Whatever the language of this shell, curl writes a point.
p95_ms=$(grep '^200 ' "$times" | LC_ALL=C sort -n -k 2 |
    LC_ALL=C awk '{ before = last; last = $2 } END { if (NR) printf "%d", before * 1000 }')
rm -f "$times"
check "twenty pages are answered" 20 "$answered"
if [ "${p95_ms:-$slowest_ms}" -lt "$slowest_ms" ]; then
    printf 'good   19 of 20 pages come within %s ms\n' "$p95_ms"
else
    printf 'wrong  one page in twenty takes more than %s ms, of %s\n' "${p95_ms:-?}" "$slowest_ms"
    failures=$((failures + 1))
fi

# Monitoring and logs are asked of Compose. From another machine there is none.
services=$(compose config --services 2> /dev/null)
if [ -z "$services" ]; then
    echo "note   no docker compose here: look at Prometheus and at the logs on the machine itself"
else
    if printf '%s\n' "$services" | grep -qx prometheus; then
        # It asks every fifteen seconds; who was made anew just now has not been asked yet.
        until=$(($(date +%s) + ${WAIT:-30}))
        while
            targets=$(curl --silent --max-time 10 "http://127.0.0.1:${PROMETHEUS_PORT:-9090}/api/v1/targets?state=active")
            up=$(printf '%s' "$targets" | grep -o '"health":"up"' | wc -l | tr -d ' ')
            all=$(printf '%s' "$targets" | grep -o '"health":"[a-z]*"' | wc -l | tr -d ' ')
            [ "$all" -gt 0 ] && [ "$up" -lt "$all" ] && [ "$(date +%s)" -lt "$until" ]
        do
            sleep 2
        done
        if [ "$all" -gt 0 ] && [ "$up" -eq "$all" ]; then
            printf 'good   Prometheus reaches all of its %s targets\n' "$all"
        else
            printf 'wrong  Prometheus reaches %s of %s targets: see Status, Targets at 127.0.0.1:%s\n' \
                "$up" "$all" "${PROMETHEUS_PORT:-9090}"
            failures=$((failures + 1))
        fi
    else
        printf 'note   %s has no Prometheus\n' "$COMPOSE_FILE"
    fi
    ours=$(printf '%s\n' "$services" | grep -E '^(backend(-[0-9]+)?|worker)$')
    # shellcheck disable=SC2086 # one word for each service
    if logs=$(compose logs --no-color --since "${LOGS_SINCE:-10m}" $ours 2>&1); then
        # JSON in production, text else.
        errors=$(printf '%s\n' "$logs" | grep -cE '"level":"ERROR"|[ |]ERROR ')
        check "errors in the logs since ${LOGS_SINCE:-10m}" 0 "$errors"
        printf '%s\n' "$logs" | grep -E '"level":"ERROR"|[ |]ERROR ' | tail -3 >&2
    else
        printf 'wrong  the logs cannot be read: %s\n' "$logs"
        failures=$((failures + 1))
    fi
fi
if [ "$failures" -gt 0 ]; then
    echo "$failures checks failed; docs/OPERATIONS.md says what to do." >&2
    exit 1
fi
