# make bench: figures to read; no test fails on a clock.
#
#   BENCH_SIZE     notes: 10k, 100k or 1m (default)
#   BENCH_ONLY     servers, separated by commas (default: all, see internal/bench/serve)
#   BENCH_ROUNDS   turns of each server (default 5)
#   BENCH_POSTGRES URL of a PostgreSQL to make databases in (default: one is started)
#   BENCH_RESULTS  file for the page of results (default: internal/bench/RESULTS.md,
#                  and none where not all servers are measured)
#
# make bench-go runs the benchmarks of the packages instead.
source "$(dirname "$0")/lib.sh"

export CGO_ENABLED=0
if [ "${1:-}" = go ]; then
	for module in $(modules); do
		heading "benchmarks in $module"
		# One package at a time, since two would measure each other.
		(cd "$module" && go test -run '^$' -bench . -benchmem -p 1 -timeout 2h ./...)
	done
	exit
fi

have_postgres || [ -n "${BENCH_POSTGRES:-}" ] || install PostgreSQL postgresql postgresql || {
	echo "PostgreSQL is missing and cannot be installed here: name a server by BENCH_POSTGRES." >&2
	exit 1
}
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
heading "building internal/bench"
go build -C internal/bench -o "$bin/bench" .
results=internal/bench/RESULTS.md
if [ -n "${BENCH_ONLY:-}" ]; then
	results=
fi
heading "measuring"
"$bin/bench" run -size "${BENCH_SIZE:-1m}" -only "${BENCH_ONLY:-}" -rounds "${BENCH_ROUNDS:-5}" \
	-postgres "${BENCH_POSTGRES:-}" -results "${BENCH_RESULTS:-$results}"
