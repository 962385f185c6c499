# What the scripts beside this file share. Source it; it goes to the root of
# the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# modules prints the folder of every Go module of the repository.
modules() {
	find . -name node_modules -prune -o -name go.mod -exec dirname {} \; | sort
}

# heading TEXT
heading() { printf '\n=== %s\n' "$*"; }

# in_ci tells whether nobody is watching.
in_ci() { case "${CI:-}" in 1 | t | T | true | TRUE | True) true ;; *) false ;; esac; }

# install WHAT 'APT PACKAGES' 'BREW PACKAGES' installs something that is
# missing, when this user may do so without being asked for a password. It
# fails when it may not; JOINERY_NO_INSTALL=1 forbids it.
install() {
	local what=$1 apt=$2 brew=$3 sudo=
	if [ -n "${JOINERY_NO_INSTALL:-}" ]; then
		return 1
	elif command -v apt-get >/dev/null; then
		if [ "$(id -u)" != 0 ]; then
			sudo -n true 2>/dev/null || return 1
			sudo="sudo -n"
		fi
		heading "Installing $what: apt-get install $apt"
		# The lists of a fresh machine are missing, those of an old one name
		# versions that are gone.
		$sudo apt-get update -qq </dev/null
		# shellcheck disable=SC2086 # the packages are several words
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $apt </dev/null >/dev/null
	elif command -v brew >/dev/null; then
		heading "Installing $what: brew install $brew"
		# shellcheck disable=SC2086
		brew install --quiet $brew </dev/null
	else
		return 1
	fi
}

# have_postgres tells whether the server's programs are where
# internal/testdb looks for them.
have_postgres() {
	[ -n "${JOINERY_TEST_POSTGRES:-}" ] || command -v initdb >/dev/null ||
		compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
		compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null ||
		compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null ||
		compgen -G '/usr/local/opt/postgresql*/bin/initdb' >/dev/null ||
		compgen -G '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin/initdb' >/dev/null ||
		compgen -G '/Applications/Postgres.app/Contents/Versions/*/bin/initdb' >/dev/null ||
		compgen -G '/opt/local/lib/postgresql*/bin/initdb' >/dev/null
}

# have_mariadb likewise.
have_mariadb() {
	[ -n "${JOINERY_TEST_MARIADB:-}" ] || command -v mariadbd >/dev/null ||
		compgen -G '/usr/sbin/mariadbd' >/dev/null ||
		compgen -G '/usr/libexec/mariadbd' >/dev/null ||
		compgen -G '/opt/homebrew/opt/mariadb/bin/mariadbd' >/dev/null ||
		compgen -G '/usr/local/opt/mariadb/bin/mariadbd' >/dev/null ||
		compgen -G '/home/linuxbrew/.linuxbrew/opt/mariadb/bin/mariadbd' >/dev/null ||
		compgen -G '/opt/local/lib/mariadb/bin/mariadbd' >/dev/null
}

# test_modules [GO TEST FLAGS...] runs the tests of every module, then prints
# which packages took longest and which databases were used. It fails when a
# test fails, and in CI also when a database was left out.
test_modules() {
	have_postgres || install PostgreSQL postgresql postgresql ||
		echo "PostgreSQL is missing and cannot be installed here: its tests are skipped."
	# The package of the programs alone: mariadb-server would start a service.
	have_mariadb || install MariaDB mariadb-server-core mariadb ||
		echo "MariaDB is missing and cannot be installed here: its tests are skipped."
	command -v curl >/dev/null || install curl curl curl ||
		echo "curl is missing and cannot be installed here: the README's commands are not run."
	local status=0 module log
	log=$(mktemp)
	JOINERY_TEST_REPORT=$(mktemp)
	export JOINERY_TEST_REPORT
	for module in $(modules); do
		heading "go test $* ./... in $module"
		(cd "$module" && go test "$@" ./...) | tee -a "$log" || status=1
	done
	slowest "$log"
	rm -f "$log"
	databases "$JOINERY_TEST_REPORT" || status=1
	rm -f "$JOINERY_TEST_REPORT"
	return $status
}

# slowest FILE prints the packages that took longest, as go test has told.
slowest() {
	heading "Slowest packages"
	awk '($1 == "ok" || $1 == "FAIL") && $3 ~ /^[0-9.]+s$/ { print $3 "\t" $2 }' "$1" | sort -rn | sed -n '1,8p'
}

# databases FILE prints the report that internal/testdb has written.
databases() {
	heading "Databases"
	sort -u "$1"
	local server status=0
	for server in postgres:PostgreSQL mariadb:MariaDB; do
		if ! grep -q "^${server%%:*} used" "$1"; then
			echo "NOTE: the tests that need ${server#*:} did NOT run."
			! in_ci || status=1
		fi
	done
	return $status
}
