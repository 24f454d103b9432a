#!/bin/sh
# Makes the secrets of compose.prod.yaml, a file each, in SECRETS_DIR, and has `docker compose` take that file. Never changes
# a secret that is there: after an update it adds what is new.
#
# The containers run as different users, none of them root: so the files can be read by all and the folder by its owner
# alone, which is what keeps them from others on this machine.
set -eu
cd "$(dirname "$0")/.."
. deploy/read-env.sh

folder=${SECRETS_DIR:-./secrets}
mkdir -p "$folder"
chmod 700 "$folder"

# So many bytes, in twice as many signs.
random() {
    od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}
make() {
    if [ ! -s "$folder/$1" ]; then
        printf '%s' "$2" > "$folder/$1"
        chmod 644 "$folder/$1"
        echo "new-secrets.sh: made $1" >&2
    fi
}
make db_root_password "$(random 24)"
make db_password "$(random 24)"
# MySQL takes no more than 32 signs here.
make replication_password "$(random 16)"
make redis_password "$(random 24)"
make jwt_secret_key "$(random 24)"
make secrets_key "$(random 24)"
make grafana_password "$(random 24)"
password=$(cat "$folder/db_password")
make database_replica_url "mysql://${DB_USER:-appuser}:$password@db-replica:3306/${DB_NAME:-ebook_scene_packer}"

# From now on `docker compose` without `-f` means the file that these are for. One of your own stays.
if [ -e .env ]; then
    case "$(awk -v wanted=COMPOSE_FILE -f deploy/read-env.awk .env)" in
        '' | COMPOSE_FILE= | COMPOSE_FILE=compose.yaml | COMPOSE_FILE=docker-compose.yml)
            if grep -q '^COMPOSE_FILE=' .env; then
                sed -i 's/^COMPOSE_FILE=.*/COMPOSE_FILE=compose.prod.yaml/' .env
            else
                printf '\nCOMPOSE_FILE=compose.prod.yaml\n' >> .env
            fi
            echo "new-secrets.sh: .env says COMPOSE_FILE=compose.prod.yaml now" >&2
            ;;
    esac
else
    echo "new-secrets.sh: still to do: deploy/new-env.sh, then this once more" >&2
fi

# Those that you may fill in, with an editor; empty they count as not set. Compose wants every file to be there.
for name in admin_password alert_webhook_url backup_access_key backup_secret_key blob_access_key blob_secret_key \
    database_url jwt_secret_key_previous secrets_key_previous smtp_url watchdog_url; do
    if [ ! -e "$folder/$name" ]; then
        : > "$folder/$name"
        chmod 644 "$folder/$name"
    fi
done

# The user of the image writes the backups.
backups=${BACKUP_DIR:-./backups}
mkdir -p "$backups"
# They hold every book: only their owner may look into the folder, whoever that is by now.
owner=$(stat -c %u "$backups")
if [ "$(id -u)" = 0 ] || [ "$(id -u)" = "$owner" ]; then
    chmod 700 "$backups"
fi
if [ "$(id -u)" = 0 ]; then
    chown 10001:10001 "$backups"
elif [ "$owner" != 10001 ]; then
    echo "new-secrets.sh: still to do: sudo chown 10001:10001 $backups" >&2
fi
