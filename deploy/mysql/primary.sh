#!/bin/bash
# Run once by the image of MySQL when it makes the primary: the account that the replica reads with.
set -eu
password=$(cat /run/secrets/replication_password)
root=$(cat /run/secrets/db_root_password)
MYSQL_PWD=$root mysql --user=root << SQL
CREATE USER 'replication'@'%' IDENTIFIED BY '$password';
GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';
SQL
