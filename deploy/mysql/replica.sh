#!/bin/bash
# Run once by the image of MySQL when it makes the replica: whom it follows. It begins with the next start of the
# server, which the image does right after this, and finds its place by GTID.
set -eu
password=$(cat /run/secrets/replication_password)
root=$(cat /run/secrets/db_root_password)
MYSQL_PWD=$root mysql --user=root << SQL
CHANGE REPLICATION SOURCE TO
    SOURCE_HOST='db', SOURCE_PORT=3306, SOURCE_USER='replication', SOURCE_PASSWORD='$password',
    SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=5, GET_SOURCE_PUBLIC_KEY=1;
SQL
