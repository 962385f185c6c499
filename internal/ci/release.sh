# make release-check: the sizes and checks that take too long for every change.
source "$(dirname "$0")/lib.sh"

export CI=true # nothing may be left out
export JOINERY_TEST_TIMEOUT="${JOINERY_TEST_TIMEOUT:-24h}"

heading "Known vulnerabilities"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -C internal/tools -o "$bin/" golang.org/x/vuln/cmd/govulncheck
for module in $(modules); do
	(cd "$module" && "$bin/govulncheck" ./...)
done

JOINERY_ADDS=100 JOINERY_AGREE=200 JOINERY_KILLS=20 JOINERY_REQUESTS="${JOINERY_REQUESTS:-50000}" JOINERY_WORLDS="${JOINERY_WORLDS:-1000000}" make test
JOINERY_WORLDS=20000 make race
JOINERY_FUZZ="${JOINERY_FUZZ:-10m}" make fuzz
heading "Each clause of the permission SQL, changed"
JOINERY_MUTATION=1 go test -count=1 -timeout 60m -run TestMutation ./perm
make test-web
make lint
make bench-go
make bench
heading "The release checks passed."
