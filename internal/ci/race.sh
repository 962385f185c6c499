# make race: the race detector makes everything about ten times slower, so the
# sizes are a tenth. What it looks for does not depend on them.
source "$(dirname "$0")/lib.sh"

command -v "$(go env CC)" >/dev/null || install "a C compiler" "gcc libc6-dev" gcc || {
	echo "The race detector needs a C compiler; install gcc or clang." >&2
	exit 1
}
export CGO_ENABLED=1
export JOINERY_AGREE="${JOINERY_AGREE:-1}" JOINERY_WORLDS="${JOINERY_WORLDS:-200}" JOINERY_REQUESTS="${JOINERY_REQUESTS:-1000}"
# SQLite, which is C written in Go, is not looked into: it would take four times
# as long, and what it shares it guards by itself. All else is.
test_modules -race "-gcflags=modernc.org/...=-race=false" -shuffle=on -timeout "${JOINERY_TEST_TIMEOUT:-30m}"
