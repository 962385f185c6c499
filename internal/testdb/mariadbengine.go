//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"context"
	"database/sql"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// findMariaDB is the MariaDB of this machine: the one in PATH, else in the
// places where package managers put it (Debian keeps the server in a folder
// that is in root's PATH only).
func findMariaDB() (engine, error) {
	server, installer := findProgram("mariadbd"), findProgram("mariadb-install-db")
	if server == "" || installer == "" {
		return engine{}, &missingError{"mariadbd and mariadb-install-db are neither in PATH nor in the usual places; " +
			"install MariaDB (apt-get install mariadb-server, brew install mariadb) or name a server with JOINERY_TEST_MARIADB"}
	}
	return mariadbEngine(server, installer), nil
}

func findProgram(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, dir := range []string{
		"/usr/sbin", "/usr/bin", "/usr/libexec", // Debian, Red Hat, Fedora
		"/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin", "/home/linuxbrew/.linuxbrew/opt/mariadb/bin",
		"/opt/homebrew/opt/mariadb/scripts", "/usr/local/opt/mariadb/scripts",
		"/opt/local/lib/mariadb/bin", // MacPorts
	} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
	}
	return ""
}

// mariadbEngine are the servers made by these two programs.
func mariadbEngine(server, installer string) engine {
	return engine{
		short: "mariadb", bin: filepath.Dir(server), pidName: "server.pid", socketName: "socket",
		stop: syscall.SIGTERM, abort: syscall.SIGKILL,
		fast: map[string]string{
			"innodb_flush_log_at_trx_commit": "0",
			"innodb_flush_method":            "nosync",
			"innodb_doublewrite":             "0",
			"innodb_fast_shutdown":           "2",
			"innodb_stats_persistent":        "0",
			"max_connections":                "500",
			"max_prepared_stmt_count":        "100000",
			"table_open_cache":               "4000",
		},
		temp: inMemory, url: mariadbURL, ping: pingMariaDB,
		install: func(s *throwaway) []string {
			return []string{installer, "--no-defaults", "--datadir=" + s.data(), "--auth-root-authentication-method=normal",
				"--skip-name-resolve", "--innodb-log-file-size=16M", "--innodb-flush-method=nosync", "--innodb-doublewrite=0"}
		},
		serve: func(s *throwaway, settings map[string]string) []string { return mariadbLine(server, s, settings) },
	}
}

// inMemory is a folder in memory, if there is one with room: MariaDB makes a
// file for every table, which takes twenty times longer on a disk.
func inMemory() string {
	const enough = 1 << 30
	var fs syscall.Statfs_t
	dir := memoryFolder()
	if err := syscall.Statfs(dir, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < enough {
		return os.TempDir()
	}
	return dir
}

// mariadbURL names the database that the installer makes.
func mariadbURL(dir string) string {
	u := url.URL{Scheme: "mysql", User: url.User("root"), Host: "localhost", Path: "/test"}
	u.RawQuery = url.Values{"socket": {filepath.Join(dir, "socket")}}.Encode()
	return u.String()
}

func pingMariaDB(ctx context.Context, url string) error {
	config, err := mariadbConfig(url)
	if err != nil {
		return err
	}
	db, err := sql.Open("mysql", config.FormatDSN())
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

func mariadbLine(server string, s *throwaway, settings map[string]string) []string {
	line := []string{server, "--no-defaults", "--datadir=" + s.data(), "--socket=" + filepath.Join(s.dir, s.socketName),
		"--pid-file=" + s.pidFile(), "--tmpdir=" + s.dir, "--skip-networking", "--skip-name-resolve", "--skip-log-bin",
		"--innodb-log-file-size=16M", "--default-time-zone=+00:00"}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		line = append(line, "--"+strings.ReplaceAll(name, "_", "-")+"="+settings[name])
	}
	return line
}
