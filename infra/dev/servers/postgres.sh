# shellcheck shell=bash

postgres_programs() {
  local newest
  newest=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  echo "${newest:-$(dirname "$(command -v postgres)")}"
}

start_postgres() { # DIR
  local dir=$1/postgres programs port
  programs=$(postgres_programs)
  port=$(free_port)
  mkdir -p "$dir"
  chown postgres "$dir"
  # PostgreSQL refuses to run as root. Trust: on loopback, for as long as the tests take.
  setpriv --reuid postgres --regid postgres --clear-groups "$programs/initdb" -D "$dir/data" -A trust -U postgres --encoding UTF8 --locale C.UTF-8 > "$dir/initdb.log"
  setpriv --reuid postgres --regid postgres --clear-groups "$programs/pg_ctl" -D "$dir/data" -l "$dir/log" -w -s \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=off -c full_page_writes=off" start > "$dir/start.log" 2>&1 < /dev/null || { cat "$dir/start.log" "$dir/log" >&2; return 1; }
  echo "export PORTAL_TEST_POSTGRES='Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres'" >> "$1/env"
  echo "export PORTAL_TEST_POSTGRES_DATA=$dir/data" >> "$1/env"
}
