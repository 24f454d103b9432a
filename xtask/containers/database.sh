#!/bin/sh
# As the entrypoint of MySQL's image: at the first start the database and its account, then the server.
set -eu
if [ ! -d /var/lib/mysql/mysql ]; then
    mariadb-install-db --user=mysql --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db
    # Read once by the server when it starts; nobody has to wait for one that only sets itself up.
    first=/run/mysqld/first.sql
    cat > "$first" << SQL
ALTER USER root@localhost IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
CREATE DATABASE $MYSQL_DATABASE CHARACTER SET utf8mb4;
CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON $MYSQL_DATABASE.* TO '$MYSQL_USER'@'%';
SQL
    set -- "--init-file=$first" "$@"
fi
exec mariadbd --user=mysql "$@"
