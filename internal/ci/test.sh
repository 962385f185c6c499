# make test: needs Go and nothing else; what is missing is installed or skipped.
source "$(dirname "$0")/lib.sh"

export CGO_ENABLED=0 # no C compiler needed
test_modules -shuffle=on -timeout "${JOINERY_TEST_TIMEOUT:-20m}"
