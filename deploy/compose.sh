# `compose …` for the scripts beside it, in the folder of the repository: sourced.
#
# COMPOSE_FILE says which file (compose.prod.yaml by default). The plugin is tried first, then the program of old.
# shellcheck shell=sh
COMPOSE_FILE=${COMPOSE_FILE:-compose.prod.yaml}
export COMPOSE_FILE
if docker compose version > /dev/null 2>&1; then
    compose() { docker compose "$@"; }
else
    compose() { docker-compose "$@"; }
fi

# The nodes of this file, in the order in which they are changed.
nodes() {
    compose config --services | grep -E '^backend(-[0-9]+)?$' | sort
}

# Waits until a service says that it is healthy.
wait_healthy() {
    service=$1
    seconds=${2:-120}
    while [ "$seconds" -gt 0 ]; do
        container=$(compose ps --quiet "$service")
        health=none
        if [ -n "$container" ]; then
            health=$(docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$container")
        fi
        if [ "$health" = healthy ]; then
            return 0
        fi
        sleep 1
        seconds=$((seconds - 1))
    done
    echo "$service is not healthy; its last words:" >&2
    compose logs --tail 20 "$service" >&2
    return 1
}

# Brings the services along that no request waits for: backups know only their own schema, and the proxy has files of
# this version. The proxy comes last, when every node answers.
renew_the_rest() {
    for service in backup nginx; do
        if compose config --services | grep -qx "$service"; then
            echo "$service"
            compose up -d --no-deps "$service"
        fi
    done
}
