#!/usr/bin/env bash
# Starts a PostgreSQL server of our own for the tests, in a folder of its own, on a UNIX socket only.
# usage: tools/postgres.sh start DIR | stop DIR     prints the connection URL on start
set -euo pipefail
command=${1:?start or stop}; folder=$(realpath -m "${2:?folder}")
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
cd /
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
case $command in
  start)
    mkdir -p "$folder"; [ "$(id -u)" = 0 ] && chown postgres "$folder"; chmod 700 "$folder"
    if [ ! -d "$folder/data" ]; then
      as "$bin/initdb" -k -D "$folder/data" -U custos --auth=trust -E UTF8 --locale=C.UTF-8 >"/dev/null"
    fi
    if ! as "$bin/pg_ctl" -D "$folder/data" status >/dev/null 2>&1; then
      as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-k $folder -c listen_addresses=''" start >/dev/null
    fi
    chmod 755 "$folder"
    echo "postgresql:///postgres?host=$folder&user=custos" ;;
  stop) as "$bin/pg_ctl" -D "$folder/data" -m fast stop >/dev/null ;;
  *) echo "usage: tools/postgres.sh start|stop DIR" >&2; exit 2 ;;
esac
