//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// graceSeconds is how long the shared server outlives its last user: longer
// than the pause between two packages of one "go test ./...", in which the
// next test binary is linked, and short enough not to be in the way.
const graceSeconds = 15

// sharedSettings trade durability for speed: nothing here outlives the run.
var sharedSettings = map[string]string{
	"fsync":              "off",
	"full_page_writes":   "off",
	"synchronous_commit": "off",
	"max_connections":    "300",
	"jit":                "off", // a backend that compiles cannot be interrupted and blocks every DROP DATABASE
}

// joinShared joins the shared server, and starts it when there is none.
func joinShared(bin string) (*throwaway, error) {
	root, err := rootFolder()
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(root, "lock"))
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	open, _ := filepath.Glob(filepath.Join(root, "s*", "open"))
	for _, name := range open {
		s := &throwaway{dir: filepath.Dir(name), bin: bin}
		if !s.hold() {
			continue
		}
		if s.ready(10*time.Second) == nil {
			return s, nil
		}
		// Its server has crashed: nobody else should try it.
		_ = os.Remove(name)
		_ = s.Close()
	}
	sweepFolders(root)
	return startShared(root, bin)
}

func startShared(root, bin string) (*throwaway, error) {
	s, err := newFolder(root, bin)
	if err != nil {
		return nil, err
	}
	server := append([]string{filepath.Join(bin, "postgres")}, s.serverArgs(sharedSettings)...)
	if err := s.keep(graceSeconds, server...); err != nil {
		return nil, err
	}
	if err := s.ready(patience); err != nil {
		err = fmt.Errorf("the server does not start: %w\n%s", err, s.tail())
		_ = s.Close() // the keeper removes the folder
		return nil, err
	}
	return s, os.WriteFile(s.open(), nil, 0o644)
}

// ready waits until the server answers.
func (s *throwaway) ready(timeout time.Duration) error {
	return s.readyUnless(timeout, func() bool { return false })
}

// readyUnless waits until the server answers, or until exited says that
// waiting is pointless.
func (s *throwaway) readyUnless(timeout time.Duration, exited func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.url())
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil || exited() {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
