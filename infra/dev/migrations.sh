#!/usr/bin/env bash
# Migrations of both databases, always together:
#   migrations.sh add NAME   a new migration for each
#   migrations.sh reset      one initial migration for each, made anew (only before the first release)
# Security.sql and Rules.sql are no migrations: they are run after each of them, and stay as they are.
set -euo pipefail
cd "$(dirname "$0")/../.."
project=src/Portal.Database
dotnet tool restore > /dev/null
dotnet build "$project" -v q

ef() { # provider, verb and arguments
  local provider=$1
  shift
  dotnet ef migrations "$@" --no-build --project "$project" --startup-project "$project" --context "${provider}DbContext"
}

add() {
  for provider in Postgres Sqlite; do
    ef "$provider" add "$1" --output-dir "$provider/Migrations"
  done
}

case "${1:-}" in
  add)
    add "${2:?migrations.sh add NAME}"
    ;;
  reset)
    rm -f "$project"/Postgres/Migrations/*.cs "$project"/Sqlite/Migrations/*.cs
    dotnet build "$project" -v q
    add Initial
    ;;
  *)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
