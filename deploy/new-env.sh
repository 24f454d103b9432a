#!/bin/sh
# Makes `.env` from `.env.example`, with random passwords where an example stands. Never changes one that is there.
set -eu
cd "$(dirname "$0")/.."

if [ -e .env ]; then
    echo "new-env.sh: .env is there already and stays as it is" >&2
    exit 0
fi
umask 077
random() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}
while IFS= read -r line; do
    case "$line" in
        [A-Z]*=changeme*) printf '%s=%s\n' "${line%%=*}" "$(random)" ;;
        # The example origins are nobody's.
        CORS_ORIGINS=*yourdomain.com*) echo 'CORS_ORIGINS=' ;;
        *) printf '%s\n' "$line" ;;
    esac
done < .env.example > .env
echo "new-env.sh: .env is made; set PUBLIC_URL in it before others use this" >&2
