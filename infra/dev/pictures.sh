#!/usr/bin/env bash
# The README's pictures, made anew by the test that looks at the same pages.
set -euo pipefail
cd "$(dirname "$0")/../.."
servers=$(mktemp -d)
trap 'infra/dev/servers.sh stop "$servers"; rm -rf "$servers"' EXIT
infra/dev/servers.sh start "$servers"
eval "$(infra/dev/servers.sh env "$servers")"
dotnet build tests/Portal.Web.Tests -v q
mkdir -p "$servers/pictures" docs/pictures
PORTAL_TEST_SCREENSHOTS="$servers/pictures" dotnet exec tests/Portal.Web.Tests/bin/Debug/net10.0/Portal.Web.Tests.dll --filter-method '*Two_pictures_show*'
cp "$servers/pictures/inbox.png" "$servers/pictures/compose.png" docs/pictures/
