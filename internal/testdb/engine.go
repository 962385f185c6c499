//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"context"
	"os"
	"syscall"
)

// engine is how the servers of one kind of database are made, started and
// stopped.
type engine struct {
	short      string // for the names of folders
	bin        string // where the server's programs are
	pidName    string // of the file in the data folder that names the process
	socketName string

	stop, abort syscall.Signal // orderly, and at once

	// fast are settings that trade durability for speed, for a server that
	// nothing outlives.
	fast map[string]string

	temp    func() string                                           // where folders may be made
	url     func(dir string) string                                 // of the first database
	ping    func(ctx context.Context, url string) error             // whether the server answers
	install func(s *throwaway) []string                             // the command line that makes the data
	serve   func(s *throwaway, settings map[string]string) []string // that of the server; settings win
}

// onDisk is where most servers live.
func onDisk() string { return os.TempDir() }
