# Reads what the scripts beside it need of .env, as Compose does, into this shell: sourced, in the folder of the
# repository.
#
# What is set in the environment wins. Nothing is exported: Compose reads .env itself, and would believe us before it.
# shellcheck shell=sh
# shellcheck disable=SC2034 # the scripts use them
settings='COMPOSE_FILE IMAGE IMAGE_TAG PUBLIC_URL SERVER_NAMES CERTBOT_EMAIL SECRETS_DIR BACKUP_DIR BACKUP_EVERY_HOURS
    BACKUP_PLACE DB_NAME DB_USER PROMETHEUS_PORT'
if [ -e .env ]; then
    read_settings=$(awk -v wanted="$settings" -f deploy/read-env.awk .env) || exit 2
    while IFS= read -r setting; do
        if [ -n "$setting" ] && ! printenv "${setting%%=*}" > /dev/null; then
            # Only the name is code, and it is one of those above.
            eval "${setting%%=*}=\${setting#*=}"
        fi
    done << SETTINGS
$read_settings
SETTINGS
fi
