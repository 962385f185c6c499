//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// graceSeconds is how long the shared server outlives its last user: longer
// than the pause between two packages of one "go test ./...", in which the
// next test binary is linked, and short enough not to be in the way.
const graceSeconds = 15

// joinShared joins the shared server, and starts it when there is none.
func (e engine) joinShared() (*throwaway, error) {
	root, err := e.rootFolder()
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
		s := &throwaway{dir: filepath.Dir(name), engine: e}
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
	e.sweepFolders(root)
	return e.startShared(root)
}

func (e engine) startShared(root string) (*throwaway, error) {
	s, err := e.newFolder(root)
	if err != nil {
		return nil, err
	}
	if err := s.keep(graceSeconds, s.serverLine(e.fast)...); err != nil {
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
		err := s.ping(ctx, s.url())
		if err == nil || ctx.Err() != nil || exited() {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
