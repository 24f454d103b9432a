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

# Our images: the tag and the target follow.
images=${IMAGE:-ghcr.io/yourorg/ebook-scene-packer}

# Makes services anew, and nothing else. Never builds: what is not there Compose would make of whatever stands in this
# folder, under the name of another version.
bring() {
    compose up -d --no-deps --no-build "$@"
}

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

# Those of this file that run our images, each with the target of the Dockerfile that it is of: SERVICE:TARGET
ours() {
    compose config --services |
        sed -nE 's/^(backend(-[0-9]+)?|worker)$/\1:backend/p; s/^frontend$/&:frontend/p; s/^nginx$/&:proxy/p'
}

image_id() {
    docker image inspect --format '{{.Id}}' "$1" 2> /dev/null
}

# Ends the script unless this machine has every image of a tag, or gets it from the registry.
want_images() {
    for target in $(ours | cut -d : -f 2 | sort -u); do
        [ "$target" != "${2:-}" ] || continue
        if ! image_id "$images:$1-$target" > /dev/null && ! docker pull --quiet "$images:$1-$target" > /dev/null; then
            echo "${0##*/}: there is no image $images:$1-$target, neither on this machine nor in the registry" >&2
            exit 2
        fi
    done
}

# The image that a service runs, where it was made by that name: image_made_as NAME SERVICE
image_made_as() {
    container=$(compose ps --quiet "$2")
    if [ -n "$container" ]; then
        made=$(docker inspect --format '{{.Config.Image}} {{.Image}}' "$container")
        if [ "${made% *}" = "$1" ]; then
            echo "${made##* }"
        fi
    fi
}

# Says the tag of what runs, which is $1 unless somebody has built or pulled that one anew since: then it names what came, and
# nothing names what runs. That gets a tag of its own, by which one can go back, and `docker image prune` lets it be.
name_what_runs() {
    own=
    for each in $(ours); do
        name=$images:$1-${each#*:}
        running=$(image_made_as "$name" "${each%:*}")
        if [ -z "$running" ] || [ "$running" = "$(image_id "$name")" ]; then
            continue
        fi
        own=${own:-$(date -u +before-%Y%m%d-%H%M%S)}
        if ! image_id "$images:$own-${each#*:}" > /dev/null; then
            docker tag "$running" "$images:$own-${each#*:}"
        fi
    done
    if [ -z "$own" ]; then
        echo "$1"
        return 0
    fi
    # The others are what their name says. What a node was made of, only one that runs can tell.
    for each in $(ours); do
        name=$images:$1-${each#*:}
        if image_id "$images:$own-${each#*:}" > /dev/null || ! image_id "$name" > /dev/null; then
            continue
        fi
        if [ "${each#*:}" != backend ] || [ -n "$(image_made_as "$name" "${each%:*}")" ]; then
            docker tag "$name" "$images:$own-${each#*:}"
        fi
    done
    echo "$1 was built or pulled anew since it was started: what runs is called $own from now on." >&2
    remember_tag "$own"
    echo "$own"
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
        bring backup
    fi
    if has alertmanager; then
        echo alertmanager
        bring alertmanager
        wait_healthy alertmanager
        compose exec -T alertmanager /bin/sh /etc/alertmanager/start.sh again
    fi
    if has prometheus; then
        echo prometheus
        bring prometheus
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
        if [ "$(layers "$running")" = "$(layers "$images:$IMAGE_TAG-proxy")" ]; then
            echo "nginx is the same in this version and goes on."
            return 0
        fi
    fi
    echo "nginx is another one in this version: for some seconds nobody is answered."
    bring nginx
    wait_healthy nginx
}
