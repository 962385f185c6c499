# make test-web: what a browser and the linters of others say about the demo.
source "$(dirname "$0")/lib.sh"

command -v node >/dev/null && command -v npm >/dev/null || install Node.js "nodejs npm" node || {
	echo "make test-web needs Node.js 18.18 or later with npm." >&2
	exit 1
}

# find_browser prints the path of a browser; CHROMIUM names one.
find_browser() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
		/Applications/Chromium.app/Contents/MacOS/Chromium; do
		[ -n "$name" ] && command -v "$name" && return
	done
	return 1
}
find_browser >/dev/null || install Chromium chromium "--cask chromium" || {
	echo "make test-web needs Chromium or Chrome; name it with CHROMIUM=/path/to/it." >&2
	exit 1
}
CHROMIUM=$(find_browser)
export CHROMIUM

heading "npm ci in internal/web"
(cd internal/web && npm ci --no-audit --no-fund --loglevel=error)

temp=$(mktemp -d)
demo=
stop() {
	[ -z "$demo" ] || { kill "$demo" 2>/dev/null && wait "$demo" 2>/dev/null; } || true
	rm -rf "$temp"
}
trap stop EXIT

heading "Starting the demo in memory"
CGO_ENABLED=0 go build -o "$temp/demo" ./cmd/demo
DEMO_DB=memory DEMO_ADDR=127.0.0.1:0 "$temp/demo" >"$temp/log" 2>&1 &
demo=$!
url=
for _ in $(seq 300); do
	url=$(grep -oE 'http://[^ "/]+' "$temp/log" | head -n 1 || true)
	[ -z "$url" ] && kill -0 "$demo" 2>/dev/null || break
	sleep 0.1
done
if [ -z "$url" ]; then
	echo "The demo printed no http:// address within 30 seconds. Its output:" >&2
	cat "$temp/log" >&2
	exit 1
fi
echo "$url"
for _ in $(seq 50); do # it prints the tokens last
	! grep -q 'The tokens hold' "$temp/log" || break
	sleep 0.1
done

# What the typed client of check.mjs writes, it writes as Ben.
token=$(grep -oE 'export BEN=[^ ]+' "$temp/log" | cut -d= -f2 || true)
if [ -z "$token" ]; then
	echo "The demo printed no token for Ben." >&2
	exit 1
fi

TMPDIR=$temp node internal/web/check.mjs "$url" "$token" || {
	echo "The last lines of the demo's output:" >&2
	tail -n 20 "$temp/log" >&2
	exit 1
}
