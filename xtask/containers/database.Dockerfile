# In place of MySQL's image, where no registry can be reached: MariaDB of Debian, made by the same variables.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends mariadb-client mariadb-server \
    && rm -rf /var/lib/apt/lists/* /var/lib/mysql/* \
    && install --directory --owner=mysql --group=mysql /run/mysqld \
    && sed -i 's/^bind-address.*/bind-address = 0.0.0.0/' /etc/mysql/mariadb.conf.d/50-server.cnf
COPY database.sh /usr/local/bin/database
ENTRYPOINT ["/usr/local/bin/database"]
