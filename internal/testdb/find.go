package testdb

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// findPostgres is the newest PostgreSQL of this machine.
func findPostgres() (engine, error) {
	bin, err := postgresFolder()
	return postgresEngine(bin), err
}

// postgresFolder is the folder with initdb and postgres: the one in PATH,
// else the newest version in the places where package managers put them
// (Debian keeps server binaries out of PATH on purpose).
func postgresFolder() (string, error) {
	if name, err := exec.LookPath("initdb"); err == nil {
		// Links lead to the folder where initdb finds its companions.
		if real, err := filepath.EvalSymlinks(name); err == nil && hasPostgres(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	for _, dir := range usualFolders() {
		if hasPostgres(dir) {
			return dir, nil
		}
	}
	return "", &missingError{"initdb and postgres are neither in PATH nor in the usual places; " +
		"install PostgreSQL (apt-get install postgresql, brew install postgresql) or name a server with JOINERY_TEST_POSTGRES"}
}

func usualFolders() []string {
	var dirs []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",                      // Debian, Ubuntu
		"/usr/pgsql-*/bin",                               // PGDG on Red Hat, Fedora
		"/opt/homebrew/opt/postgresql*/bin",              // Homebrew, Apple silicon
		"/usr/local/opt/postgresql*/bin",                 // Homebrew, Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin", // Homebrew, Linux
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/opt/local/lib/postgresql*/bin", // MacPorts
	} {
		found, _ := filepath.Glob(pattern) // the only error is a bad pattern
		slices.SortFunc(found, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
		dirs = append(dirs, found...)
	}
	return dirs
}

var digits = regexp.MustCompile(`\d+`)

// version is the last number in the path, 0 without one.
func version(dir string) int {
	all := digits.FindAllString(dir, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1])
	return n
}

func hasPostgres(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}
