# make race: the race detector makes everything about ten times slower, so the
# sizes are a tenth. What it looks for does not depend on them.
source "$(dirname "$0")/lib.sh"

command -v "$(go env CC)" >/dev/null || install "a C compiler" "gcc libc6-dev" gcc || {
	echo "The race detector needs a C compiler; install gcc or clang." >&2
	exit 1
}
export CGO_ENABLED=1
export JOINERY_AGREE="${JOINERY_AGREE:-1}" JOINERY_WORLDS="${JOINERY_WORLDS:-200}" JOINERY_REQUESTS="${JOINERY_REQUESTS:-1000}"
export JOINERY_ROUNDS="${JOINERY_ROUNDS:-100}" JOINERY_STARTS="${JOINERY_STARTS:-2}"
# SQLite itself, which is C written in Go, is not looked into: it would take more
# than twice the time of all else. Packages that use generics must be: the linker
# takes one copy of an instance for all packages, and a copy without the detector
# in an atomic would hide what orders two accesses.
test_modules -race -gcflags=modernc.org/sqlite/lib=-race=false -shuffle=on -timeout "${JOINERY_TEST_TIMEOUT:-30m}"
