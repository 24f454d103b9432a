#!/bin/sh
# Before a deployment: is everything set, safe and backed up? Ends with 1 when it is not, and says what to do.
#
# FIRST=1 for the very first start, when there is nothing to back up yet. TESTED=1 when another machine has tested this
# version, such as CI.
set -eu
cd "$(dirname "$0")/.."
# All that follows is about this commit, and about no other that somebody brings meanwhile.
commit=$(git rev-parse HEAD 2> /dev/null) || commit=
. deploy/read-env.sh
. deploy/compose.sh

failures=0
good() { printf 'good   %s\n' "$1"; }
wrong() {
    printf 'wrong  %s\n' "$1"
    failures=$((failures + 1))
}

# Settings
if [ -e .env ]; then good ".env is there"; else wrong ".env is missing: run deploy/new-env.sh"; fi
if [ -e .env ] && grep -qE '^[A-Z_]+=changeme' .env; then
    wrong ".env still holds examples: $(grep -oE '^[A-Z_]+=changeme' .env | cut -d= -f1 | tr '\n' ' ')"
else
    good "no example stands in .env"
fi
if compose config --quiet; then good "$COMPOSE_FILE is complete"; else wrong "$COMPOSE_FILE is not complete, see above"; fi
# Without it `docker compose` takes compose.yaml, and would make other containers of the same names.
if [ -e .env ] && [ "$(awk -v wanted=COMPOSE_FILE -f deploy/read-env.awk .env)" = "COMPOSE_FILE=$COMPOSE_FILE" ]; then
    good "docker compose takes $COMPOSE_FILE without -f"
else
    wrong ".env does not say COMPOSE_FILE=$COMPOSE_FILE: docker compose without -f would take compose.yaml"
fi
case "${PUBLIC_URL:-}" in
    https://*) good "PUBLIC_URL is https" ;;
    *) wrong "PUBLIC_URL is '${PUBLIC_URL:-}': people's passwords would cross the network in the clear" ;;
esac

# Secrets
case "$COMPOSE_FILE" in *compose.prod.yaml* | *docker-compose.prod.yml*) is_production=1 ;; *) is_production= ;; esac
if [ -n "$is_production" ]; then
    folder=${SECRETS_DIR:-./secrets}
    if [ -d "$folder" ] && [ ! -x "$folder" ]; then
        wrong "this account may not look into $folder: run this as $(stat -c %U "$folder"), who owns it"
    else
        for name in db_root_password db_password replication_password database_replica_url redis_password \
            jwt_secret_key secrets_key grafana_password; do
            if [ ! -s "$folder/$name" ]; then wrong "$folder/$name is missing: run deploy/new-secrets.sh"; fi
        done
        for name in admin_password alert_webhook_url backup_access_key backup_secret_key blob_access_key \
            blob_secret_key database_url jwt_secret_key_previous secrets_key_previous smtp_url; do
            if [ ! -e "$folder/$name" ]; then wrong "$folder/$name is missing, which may be empty: run deploy/new-secrets.sh"; fi
            # Not those that new-env.sh fills in for the other file.
            variable=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
            if [ -e .env ] && grep -qE "^(export )?$variable=." .env; then
                wrong ".env sets $variable, which nobody reads here: write it into $folder/$name"
            fi
        done
        if [ -d "$folder" ] && [ "$(stat -c %a "$folder")" = 700 ]; then
            good "only its owner enters $folder"
        else
            wrong "others can enter $folder: chmod 700 $folder"
        fi
    fi
fi
for name in .env secrets backups; do
    if [ -d .git ] && [ -n "$(git ls-files "$name")" ]; then wrong "$name is in git: take it out and change every secret in it"; fi
done

# Tests, coverage, documents: `cargo xtask` leaves the commit for which each has passed. What is built is what stands here:
# with changes that are in no commit nobody has tested it.
if [ -n "$commit" ]; then
    if [ "${TESTED:-}" != 1 ] && ! git diff --quiet HEAD; then
        wrong "there are changes that are in no commit, and what has passed was without them: git status"
    fi
    for pair in "tests:cargo xtask test" "coverage:cargo xtask coverage" "documents:cargo xtask check"; do
        what=${pair%%:*}
        if [ "$(cat ".checked/$what" 2> /dev/null)" = "$commit" ]; then
            good "$what: passed for this commit"
        elif [ "${TESTED:-}" = 1 ]; then
            good "$what: TESTED=1 says that they passed elsewhere"
        else
            wrong "$what: not known to have passed for this commit: ${pair#*:}, or TESTED=1 when CI says so"
        fi
    done
elif [ "${TESTED:-}" = 1 ]; then
    good "TESTED=1 says that this version was tested"
else
    wrong "this is no clone, so nothing tells whether it was tested: TESTED=1 when you know"
fi

# Backup: complete ones alone have this file, and it is written after everything was read again.
backups=${BACKUP_DIR:-./backups}
hours=${BACKUP_EVERY_HOURS:-24}
if [ -d "$backups" ] && ! { [ -r "$backups" ] && [ -x "$backups" ]; }; then
    # They belong to the account of the container, which can be asked.
    if compose exec -T backup /bin/sh /opt/backup/healthcheck.sh; then
        fresh="in $backups, says the container that makes them"
    else
        fresh=
    fi
else
    fresh=$(find "$backups" -mindepth 2 -maxdepth 2 -name backup.json -mmin "-$((hours * 60 + 60))" 2> /dev/null | head -1)
fi
if [ -n "$fresh" ]; then
    good "a verified backup: ${fresh%/backup.json}"
elif [ "${FIRST:-}" = 1 ]; then
    good "the first start: there is nothing to back up"
else
    wrong "no verified backup of the last $hours hours in $backups: compose exec backup ebook-scene-packer backup /backups"
fi

# The machine
free_kib=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free_kib" -ge 5242880 ]; then good "disk: $((free_kib / 1048576)) GiB free"; else wrong "disk: less than 5 GiB free"; fi
total_kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
if [ "$total_kib" -ge 3800000 ]; then good "memory: $((total_kib / 1048576)) GiB"; else wrong "memory: less than 4 GB"; fi

if [ -n "$commit" ] && [ "$(git rev-parse HEAD)" != "$commit" ]; then
    wrong "another commit stands here than when this began: run it again"
fi

if [ "$failures" -gt 0 ]; then
    echo "$failures things to put right first." >&2
    exit 1
fi
