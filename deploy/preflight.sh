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
note() { printf 'note   %s\n' "$1"; }
wrong() {
    printf 'wrong  %s\n' "$1"
    failures=$((failures + 1))
}

# True when a version, such as v2.26.1-2, is that one or a later one: is_at_least FOUND MAJOR MINOR PATCH
is_at_least() {
    found=${1#v}
    for wanted in "$2" "$3" "$4"; do
        number=${found%%[!0-9]*}
        if [ "${number:-0}" -ne "$wanted" ]; then
            [ "${number:-0}" -gt "$wanted" ]
            return
        fi
        found=${found#"$number"}
        found=${found#.}
    done
}

case "$COMPOSE_FILE" in *compose.prod.yaml* | *docker-compose.prod.yml*) is_production=1 ;; *) is_production= ;; esac

# Programs
version=$(docker version --format '{{.Server.Version}}' 2> /dev/null) || version=
# Before it, what Docker forbids a container forbids Debian 12, on which ours stand, to begin a thread.
if is_at_least "$version" 20 10 10; then
    good "Docker $version"
else
    wrong "Docker is '$version': 20.10.10 or later must run here"
fi
version=$(compose version --short 2> /dev/null) || version=
if is_at_least "$version" 2 0 0; then good "Compose $version"; else wrong "Compose is '$version': 2.0 or later is needed"; fi
if is_at_least "$version" 2 0 0 && ! is_at_least "$version" 2 2 0; then
    note "Compose before 2.2 passes over pids_limit: nothing keeps a container from filling this machine with processes"
fi

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

if [ -n "$is_production" ]; then
    for pair in "PUBLIC_URL=${PUBLIC_URL:-}" "SERVER_NAMES=${SERVER_NAMES:-}" "CERTBOT_EMAIL=${CERTBOT_EMAIL:-}"; do
        case "$pair" in *yourdomain.com*) wrong "$pair is the example, and nobody's" ;; esac
    done
    # nginx shows no certificate to who asks for another name.
    host=${PUBLIC_URL:-}
    host=${host#*://}
    host=${host%%/*}
    host=${host%%:*}
    is_named=
    for name in ${SERVER_NAMES:-}; do
        if [ "$name" = "$host" ]; then is_named=1; fi
    done
    if [ -n "$is_named" ]; then
        good "the name in PUBLIC_URL is on the certificate"
    else
        wrong "SERVER_NAMES lacks '$host', the name in PUBLIC_URL: nginx would refuse everybody"
    fi
    case "${CERTBOT_EMAIL:-}" in
        ?*@?*.?*) good "Let's Encrypt gets an address" ;;
        *) wrong "CERTBOT_EMAIL is '${CERTBOT_EMAIL:-}', which is no address: there would be no certificate" ;;
    esac
fi

# Secrets
if [ -n "$is_production" ]; then
    folder=${SECRETS_DIR:-./secrets}
    if [ -d "$folder" ] && [ ! -x "$folder" ]; then
        wrong "this account may not look into $folder: run this as $(stat -c %U "$folder"), who owns it"
    else
        for name in db_root_password db_password replication_password database_replica_url redis_password \
            jwt_secret_key secrets_key grafana_password; do
            if [ ! -s "$folder/$name" ]; then wrong "$folder/$name is missing: run deploy/new-secrets.sh"; fi
        done
        # MySQL takes no longer one, and the replica would never begin.
        if [ -s "$folder/replication_password" ] && [ "$(wc -c < "$folder/replication_password")" -gt 32 ]; then
            wrong "$folder/replication_password has more than 32 signs, so the replica never followed: docs/OPERATIONS.md says how it is changed"
        fi
        for name in admin_password alert_webhook_url backup_access_key backup_secret_key blob_access_key \
            blob_secret_key database_url jwt_secret_key_previous secrets_key_previous smtp_url watchdog_url; do
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
        # Unless another way stands in the place of the address.
        for pair in "webhook:alert_webhook_url:alerts are shown, and sent to nobody" \
            "watchdog:watchdog_url:nobody outside notices when monitoring itself is gone"; do
            file=${pair#*:}
            what=${file#*:}
            file=${file%%:*}
            if [ ! -s "$folder/$file" ] && grep -q "http://${pair%%:*}.invalid/" deploy/alertmanager/webhook.yml; then
                note "$what: write an address into $folder/$file"
            fi
        done
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

# Backups
backups=${BACKUP_DIR:-./backups}
look_at_backups() {
    if [ -d "$backups" ] && ! { [ -r "$backups" ] && [ -x "$backups" ]; }; then
        # They belong to the account of the container, which can be asked.
        compose run --rm --no-deps -T --entrypoint /bin/sh backup /opt/backup/healthcheck.sh
    else
        BACKUPS=$backups BACKUP_EVERY_HOURS=${BACKUP_EVERY_HOURS:-24} BACKUP_PLACE=${BACKUP_PLACE:-} \
            sh deploy/backup/healthcheck.sh
    fi
}
if [ "${FIRST:-}" = 1 ]; then
    good "the first start: there is nothing to back up"
elif said=$(look_at_backups); then
    good "a verified backup: $said"
else
    wrong "${said:-nobody can look into $backups}: docker compose run --rm --no-deps backup once"
fi
if [ -d "$backups" ]; then
    case "$(stat -c %a "$backups")" in
        *00) good "only its owner enters $backups" ;;
        *) wrong "others can enter $backups, where every book lies: chmod 700 $backups" ;;
    esac
fi
if [ -z "${BACKUP_PLACE:-}" ]; then
    note "backups stay on the machine that they are for: BACKUP_PLACE, or copy $backups away"
fi

# The machine. A disk of 20 GB has a little less for files; what must be free is for the images of the next version, beside
# those that run.
disk=$(docker info --format '{{.DockerRootDir}}' 2> /dev/null) || disk=
if [ ! -d "$disk" ]; then
    note "where Docker keeps what it has cannot be seen from here: the disk of this folder is looked at"
    disk=.
fi
size_kib=$(df -Pk "$disk" | awk 'NR == 2 { print $2 }')
free_kib=$(df -Pk "$disk" | awk 'NR == 2 { print $4 }')
if [ "$size_kib" -lt 18000000 ]; then
    wrong "disk of $disk: $((size_kib / 1048576)) GiB, of the 20 GB that this needs"
elif [ "$free_kib" -lt 5242880 ]; then
    wrong "disk of $disk: less than 5 GiB free"
else
    good "disk of $disk: $((free_kib / 1048576)) of $((size_kib / 1048576)) GiB free"
fi
total_kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
if [ "$total_kib" -ge 3800000 ]; then good "memory: $((total_kib / 1048576)) GiB"; else wrong "memory: less than 4 GB"; fi

if [ -n "$commit" ] && [ "$(git rev-parse HEAD)" != "$commit" ]; then
    wrong "another commit stands here than when this began: run it again"
fi

if [ "$failures" -gt 0 ]; then
    echo "$failures things to put right first." >&2
    exit 1
fi
