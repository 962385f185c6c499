//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"context"
	"maps"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// postgresEngine are the servers made by the programs in bin.
func postgresEngine(bin string) engine {
	return engine{
		short: "pg", bin: bin, pidName: "postmaster.pid", socketName: ".s.PGSQL.5432",
		stop: syscall.SIGINT, abort: syscall.SIGQUIT,
		fast: map[string]string{
			"fsync":              "off",
			"full_page_writes":   "off",
			"synchronous_commit": "off",
			"max_connections":    "300",
			"jit":                "off", // a backend that compiles cannot be interrupted and blocks every DROP DATABASE
		},
		temp: onDisk, url: postgresURL, ping: pingPostgres, install: initdb, serve: postgresLine,
	}
}

func postgresURL(dir string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres"}
	u.RawQuery = url.Values{"host": {dir}}.Encode()
	return u.String()
}

func pingPostgres(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func initdb(s *throwaway) []string {
	locale := "C.UTF-8" // order by code point, letters of all scripts known
	if runtime.GOOS == "darwin" {
		locale = "en_US.UTF-8"
	}
	return []string{filepath.Join(s.bin, "initdb"), "--pgdata", s.data(), "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--locale", locale, "--no-sync", "--no-instructions"}
}

// baseBackup copies this server's data into those of a replica that follows by
// the slot.
func (s *throwaway) baseBackup(replica *throwaway, slot string) []string {
	return []string{filepath.Join(s.bin, "pg_basebackup"), "--pgdata", replica.data(), "--host", s.dir, "--username", "postgres",
		"--wal-method", "stream", "--checkpoint", "fast", "--no-sync",
		"--create-slot", "--slot", slot, "--write-recovery-conf"} // which makes standby.signal too
}

func postgresLine(s *throwaway, settings map[string]string) []string {
	line := []string{filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=",
		// In files of the data folder, where they go away with it: segments in
		// /dev/shm survive a kill -9, and containers have little room there.
		"-c", "dynamic_shared_memory_type=mmap"}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		line = append(line, "-c", name+"="+settings[name])
	}
	return line
}
