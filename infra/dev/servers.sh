#!/usr/bin/env bash
# The servers that tests and trying out need, on loopback, with their own configuration and directories:
#   servers.sh install      installs what is missing (Debian, as root)
#   servers.sh start DIR    starts PostgreSQL, Postfix, Dovecot and slapd, makes room for tokens; everything they write is below DIR
#   servers.sh stop DIR     stops what was started there
#   servers.sh status DIR   says what runs
#   servers.sh env DIR      prints export lines: eval "$(servers.sh env DIR)"
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=servers/install.sh
source "$here/servers/install.sh"
# shellcheck source=servers/openssl.sh
source "$here/servers/openssl.sh"
# shellcheck source=servers/postgres.sh
source "$here/servers/postgres.sh"
# shellcheck source=servers/dovecot.sh
source "$here/servers/dovecot.sh"
# shellcheck source=servers/postfix.sh
source "$here/servers/postfix.sh"
# shellcheck source=servers/slapd.sh
source "$here/servers/slapd.sh"
# shellcheck source=servers/softhsm.sh
source "$here/servers/softhsm.sh"

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

await_port() { # port, name
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
      return
    fi
    sleep 0.1
  done
  echo "$2 did not come up on port $1." >&2
  return 1
}

make_certificates() { # DIR
  local tls=$1/tls
  mkdir -p "$tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Test servers CA' \
    -addext 'basicConstraints=critical,CA:TRUE' -keyout "$tls/ca.key" -out "$tls/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
    -keyout "$tls/server.key" -out "$tls/server.csr" 2>/dev/null
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > "$tls/server.ext"
  openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -days 30 \
    -extfile "$tls/server.ext" -out "$tls/server.pem" 2>/dev/null
  chmod 755 "$tls"
  chmod 644 "$tls"/*.pem
}

start() { # DIR
  mkdir -p "$1"
  # The servers run as users of their own.
  chmod 755 "$1"
  make_certificates "$1"
  : > "$1/env"
  start_postgres "$1"
  start_dovecot "$1"
  start_postfix "$1"
  start_slapd "$1"
  start_softhsm "$1"
  cat >> "$1/env" <<EOF
export PORTAL_TEST_CA=$1/tls/ca.pem
export PORTAL_TEST_CHROMIUM=$(command -v chromium-headless-shell)
export PORTAL_TEST_OPENSSL_SOURCE=$openssl_source
EOF
}

stop_by() { # pid file, name
  local pid
  if [[ -f $1 ]]; then
    pid=$(head -n 1 "$1" | tr -d ' ')
    if kill -0 "$pid" 2>/dev/null; then
      kill "$pid"
      for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
      done
      echo "$2 ($pid) does not stop." >&2
      return 1
    fi
  fi
}

pid_files() { # DIR
  echo "$1/postfix/queue/pid/master.pid Postfix"
  echo "$1/dovecot/run/master.pid Dovecot"
  echo "$1/slapd/slapd.pid slapd"
  echo "$1/postgres/data/postmaster.pid PostgreSQL"
}

verb=${1:-}
case $verb in
  install)
    install
    ;;
  start | stop | status | env)
    dir=$(realpath -m "${2:?servers.sh $verb DIR}")
    case $verb in
      start) start "$dir" ;;
      stop) pid_files "$dir" | while read -r file name; do stop_by "$file" "$name"; done ;;
      env) cat "$dir/env" ;;
      status)
        pid_files "$dir" | while read -r file name; do
          if [[ -f $file ]] && kill -0 "$(head -n 1 "$file" | tr -d ' ')" 2>/dev/null; then
            echo "$name runs"
          else
            echo "$name does not run"
          fi
        done
        ;;
    esac
    ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
