# make lint: few checks, each chosen, all without exceptions to explain.
source "$(dirname "$0")/lib.sh"

heading "gofmt"
unformatted=$(find . -name node_modules -prune -o -name '*.go' -exec gofmt -l {} +)
if [ -n "$unformatted" ]; then
	echo "run gofmt -w on:"
	echo "$unformatted"
	exit 1
fi

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -C internal/tools -o "$bin/" honnef.co/go/tools/cmd/staticcheck

for module in $(modules); do
	heading "go vet, staticcheck, go mod tidy -diff in $module"
	(cd "$module" && go vet ./... && "$bin/staticcheck" ./... && go mod tidy -diff)
done
