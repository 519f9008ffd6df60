#!/usr/bin/env bash
# tests/web/browser.sh [SPEC...]   opens an office with two cases, serves it, and drives it in a real Chromium.
# Each run has an office of its own; with CUSTOS_RESULTS=test-results/NAME several run side by side.
set -euo pipefail
root=$(dirname "$(dirname "$(dirname "$(realpath "$0")")")")
custos=${CUSTOS_BIN:-$root/build/bin/custos}
work=$(mktemp -d /tmp/custos-browser.XXXXXX)
export CUSTOS_KEYS=$work/keys
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
"$custos" init --home "$work/office" --owner "Ada Lovelace" >/dev/null
python3 "$root/tests/web/letters.py" "$work/letters" 700
python3 "$root/tests/web/exhibits.py" "$work/exhibits"
for code in KAR ZED; do
  "$custos" case add --home "$work/office" --code $code --title "Case $code" >/dev/null
  "$custos" ingest --home "$work/office" --case $code "$root/samples" "$work/letters" "$work/exhibits" >/dev/null
done
# The register belongs to the address of the pages, so the port is chosen here.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
CUSTOS_SHARES=$("$custos" identity init --home "$work/office" --origin "http://localhost:$port" | sed -n 's/^share //p' | tr '\n' ' ')
# The make that Chromium's virtual authenticator names.
echo '{"source":"the tests","version":"1","authenticators":[{"aaguid":"01020304-0506-0708-0102-030405060708","name":"virtual"}]}' >"$work/makes.json"
export CUSTOS_SHARES CUSTOS_PROGRAM=$custos CUSTOS_HOME=$work/office
"$custos" serve --home "$work/office" --listen "127.0.0.1:$port" --authenticators "$work/makes.json" --web "$root/web/dist" >"$work/said" 2>"$work/log" &
server=$!
for _ in $(seq 100); do grep -q sign-in "$work/said" && break; sleep 0.1; done
export CUSTOS_URL CUSTOS_LINK CUSTOS_QUERY=court
CUSTOS_URL=$(grep -o 'http://[^ ]*$' "$work/said" | head -1)
CUSTOS_LINK=$(grep -o 'http.*sign-in.*' "$work/said")
status=0
(cd "$root/web" && . ./node && npx --no-install playwright test "$@") || status=$?
[ -s "$work/log" ] && { echo "the server said:"; cat "$work/log"; status=1; }
"$custos" verify --home "$work/office" || status=1
exit $status
