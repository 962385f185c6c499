# make fuzz: go test fuzzes one target at a time, so this goes through them.
source "$(dirname "$0")/lib.sh"

time="${JOINERY_FUZZ:-60s}"
status=0
for module in $(modules); do
	cd "$module"
	for package in $(go list ./...); do
		listed=$(go test -list '^Fuzz' "$package")
		for target in $(grep '^Fuzz' <<<"$listed"); do
			heading "$target in $package for $time"
			go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" || status=1
		done
	done
	cd - >/dev/null
done
exit $status
