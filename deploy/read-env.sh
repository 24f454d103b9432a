# Reads .env as compose does, into this shell: sourced by the scripts beside it, in the folder of the repository.
#
# What is set in the environment wins. Values are taken as they stand, never run.
# shellcheck shell=sh
if [ -e .env ]; then
    while IFS= read -r line || [ -n "$line" ]; do
        case "$line" in
            '' | '#'*) continue ;;
        esac
        name=${line%%=*}
        case "$name" in
            '' | *[!A-Za-z0-9_]* | [0-9]*) continue ;;
        esac
        if ! printenv "$name" > /dev/null; then
            export "$name=${line#*=}"
        fi
    done < .env
fi
