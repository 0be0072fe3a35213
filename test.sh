#!/usr/bin/env bash
# Every test, on real servers:
#   ./test.sh             what every change has to pass
#   ./test.sh --nightly   the long forms too
# As root on Debian it installs what the tests use, starts the servers on loopback in a directory of its own, and
# stops them by process id. Exit code 1: something failed. 2: something that is needed cannot be installed.
# PORTAL_TEST_SCREENSHOTS names a directory for pictures of the pages.
set -euo pipefail
cd "$(dirname "$0")"

limit=2400
case "${1:-}" in
  '') ;;
  --nightly)
    export PORTAL_TEST_NIGHTLY=1
    limit=7200
    ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac

if ! dotnet --version > /dev/null 2>&1; then
  echo "The .NET SDK that global.json names is missing." >&2
  exit 2
fi
infra/dev/servers.sh install

work=$(mktemp -d)
finish() {
  infra/dev/servers.sh stop "$work/servers" > /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
# Everything temporary that tests leave is found here, and searched for plaintext.
chmod 755 "$work"
mkdir -p "$work/tmp"
infra/dev/servers.sh start "$work/servers"
eval "$(infra/dev/servers.sh env "$work/servers")"
export TMPDIR=$work/tmp
# A process that lives for seconds does not get back what profiling its own code costs, nor what mapping it twice does.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

passed=0 failed=0 skipped=0
problem() {
  echo "FAILED: $1"
  failed=$((failed + 1))
}

echo '== build'
dotnet build Portal.sln -v q -clp:NoSummary

# Style and analyzers have spoken in the build.
dotnet format whitespace Portal.sln --verify-no-changes --no-restore > "$work/format.log" 2>&1 && touch "$work/formatted" &

count() { # summary line, log
  sed -n "s/^ *$1: \([0-9]*\)$/\1/p" "$2" | tail -n 1
}

execute() { # assembly, what runs it
  local code=0
  ${2:-} timeout --kill-after=10 "$limit" dotnet exec "tests/$1/bin/Debug/net10.0/$1.dll" --no-ansi --progress off > "$work/$1.log" 2>&1 < /dev/null || code=$?
  echo "$code" > "$work/$1.code"
}

report() { # assembly
  local log=$work/$1.log code total failures
  code=$(cat "$work/$1.code")
  echo "== $1$(sed -n 's/^ *duration: / in /p' "$log" | tail -n 1)"
  total=$(count total "$log")
  if [[ -z $total || $total -eq 0 ]]; then
    cat "$log"
    problem "$1 ran no test (exit code $code)"
    return
  fi
  failures=$(count failed "$log")
  passed=$((passed + $(count succeeded "$log")))
  failed=$((failed + failures))
  skipped=$((skipped + $(count skipped "$log")))
  if [[ $code -ne 0 ]]; then
    cat "$log"
    sed -n "/^failed /p" "$log" >> "$work/failed"
    [[ $failures -gt 0 ]] || problem "$1 ended with exit code $code"
  fi
}

# Those with browsers are the longest, and need the machine: what only computes takes what they leave. The command
# line starts portals and waits for them only so long, so its tests run beside the application's.
mapfile -t all < <(cd tests && printf '%s\n' *.Tests)
mapfile -t computing < <(printf '%s\n' "${all[@]}" | grep -vx 'Portal\.\(Application\|Cli\|Web\)\.Tests')
execute Portal.Cli.Tests &
execute Portal.Application.Tests
wait
for one in "${computing[@]}"; do
  execute "$one" nice
done &
execute Portal.Web.Tests
wait
echo '== format'
[[ -e $work/formatted ]] || { cat "$work/format.log"; problem 'dotnet format finds something to change'; }
for one in "${all[@]}"; do
  report "$one"
done

# Once more, where the end of a long output is all that is kept.
[[ ! -e $work/failed ]] || cat "$work/failed"
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
