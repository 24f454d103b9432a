# `compose …` for the scripts beside it, in the folder of the repository: sourced.
#
# COMPOSE_FILE, of the environment or of .env, says which file (compose.prod.yaml by default). The plugin is tried first,
# then the program of old.
# shellcheck shell=sh
COMPOSE_FILE=${COMPOSE_FILE:-compose.prod.yaml}
export COMPOSE_FILE
if docker compose version > /dev/null 2>&1; then
    compose() { docker compose "$@"; }
else
    compose() { docker-compose "$@"; }
fi

# Keeps the version that runs for the next time that somebody says `up`.
remember_tag() {
    if [ -e .env ] && grep -q '^IMAGE_TAG=' .env; then
        sed -i "s/^IMAGE_TAG=.*/IMAGE_TAG=$1/" .env
    else
        printf 'IMAGE_TAG=%s\n' "$1" >> .env
    fi
}

# True when this file has such a service.
has() {
    compose config --services | grep -qx "$1"
}

# The nodes of this file, in the order in which they are changed.
nodes() {
    compose config --services | grep -E '^backend(-[0-9]+)?$' | sort
}

# Waits until a service says that it is healthy, for HEALTHY_WITHIN seconds at most.
wait_healthy() {
    service=$1
    seconds=${HEALTHY_WITHIN:-120}
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

# Waits until a node is healthy and the proxy goes to it again: after three failures nginx leaves a node alone for five
# seconds (`fail_timeout` in nginx/render.sh). If the next node left before that, there might be none to go to.
wait_in_service() {
    wait_healthy "$1"
    sleep 6
}

# What an image is made of.
layers() {
    docker image inspect --format '{{json .RootFS.Layers}}' "$1"
}

# Brings the services along that no request waits for: backups know only their own schema, and the proxy has files of
# this version. The proxy comes last, when every node answers, and only when something in it is new: for the seconds in
# which it is made anew, nobody is answered.
renew_the_rest() {
    if has backup; then
        echo backup
        compose up -d --no-deps backup
    fi
    if has alertmanager; then
        echo alertmanager
        compose up -d --no-deps alertmanager
        wait_healthy alertmanager
        compose exec -T alertmanager /bin/sh /etc/alertmanager/start.sh again
    fi
    if has prometheus; then
        echo prometheus
        compose up -d --no-deps prometheus
        wait_healthy prometheus
        # Its rules are files of this folder, which it reads when it starts and when it is told.
        compose exec -T prometheus /bin/sh /etc/prometheus/start.sh again
    fi
    if ! has nginx; then
        return 0
    fi
    container=$(compose ps --quiet nginx)
    if [ -n "$container" ]; then
        running=$(docker inspect --format '{{.Image}}' "$container")
        if [ "$(layers "$running")" = "$(layers "${IMAGE:-ghcr.io/yourorg/ebook-scene-packer}:$IMAGE_TAG-proxy")" ]; then
            echo "nginx is the same in this version and goes on."
            return 0
        fi
    fi
    echo "nginx is another one in this version: for some seconds nobody is answered."
    compose up -d --no-deps nginx
    wait_healthy nginx
}
