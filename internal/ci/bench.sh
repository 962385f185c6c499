# make bench: figures to read; no test fails on a clock.
source "$(dirname "$0")/lib.sh"

export CGO_ENABLED=0
for module in $(modules); do
	heading "benchmarks in $module"
	# One package at a time, since two would measure each other.
	(cd "$module" && go test -run '^$' -bench . -benchmem -p 1 -timeout 2h ./...)
done
