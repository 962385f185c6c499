//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Server is a database server that belongs to one test, which may kill, stop
// and restart it. Its methods fail the test when they cannot do their
// work. They must not be called concurrently; the server itself may of course
// be used while it is being killed.
type Server struct {
	t        testing.TB
	files    *throwaway
	settings map[string]string
	process  *exec.Cmd // nil while the server is down
	replicas int       // how many it has had
}

// ServerOptions adjust a [Server]. Nil and the zero value mean the database's
// own defaults, with which an acknowledged commit survives a kill.
type ServerOptions struct {
	// Settings are server parameters such as "max_connections": "5". They win
	// over everything else.
	Settings map[string]string
}

// StartPostgres starts a server of the test's own; it takes about a second.
// It listens on a socket file only, keeps its data and its URL over a restart,
// and is removed when the test ends, also when the test process is killed.
//
// Without local PostgreSQL binaries the test is skipped, or fails where
// PostgreSQL is required. A server named by JOINERY_TEST_POSTGRES is no
// substitute: nobody wants a test to kill that one.
func StartPostgres(t testing.TB, options *ServerOptions) *Server {
	t.Helper()
	return startOwn(t, postgresKind, findPostgres, options)
}

// StartMariaDB is [StartPostgres] for MariaDB.
func StartMariaDB(t testing.TB, options *ServerOptions) *Server {
	t.Helper()
	return startOwn(t, mariadbKind, findMariaDB, options)
}

func startOwn(t testing.TB, k kind, find func() (engine, error), options *ServerOptions) *Server {
	t.Helper()
	if os.Getenv(k.variable) == "off" {
		giveUp(t, k.name, &missingError{k.variable + "=off asks to leave it out"})
	}
	e, err := find()
	if err != nil {
		giveUp(t, k.name, err)
	}
	return startServer(t, e, options, e.newFolder)
}

// StartReplica starts a streaming replica of a PostgreSQL server, which must be running:
// read-only, asynchronous, with a slot on the server, so that it catches up
// however long it was down. It is a server of its own to kill and restart, and
// ends with the test. Pausing its replay (pg_wal_replay_pause) makes it lag.
//
// The replica's URL names the copy of the server's database "postgres". It has
// the server's settings, with the options' over them.
func (s *Server) StartReplica(options *ServerOptions) *Server {
	s.t.Helper()
	s.replicas++
	slot := fmt.Sprintf("replica_%d", s.replicas)
	settings := map[string]string{}
	maps.Copy(settings, s.settings)
	if options != nil {
		maps.Copy(settings, options.Settings)
	}
	return startServer(s.t, s.files.engine, &ServerOptions{Settings: settings}, func(root string) (*throwaway, error) {
		return s.files.folderFilledBy(root, func(replica *throwaway) []string { return s.files.baseBackup(replica, slot) })
	})
}

// startServer starts a server whose folder makes its data.
func startServer(t testing.TB, e engine, options *ServerOptions, folder func(root string) (*throwaway, error)) *Server {
	t.Helper()
	if options == nil {
		options = &ServerOptions{}
	}
	s := &Server{t: t, settings: maps.Clone(options.Settings)}
	var err error
	if s.files, err = e.privateFolder(folder); err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(s.remove)
	s.Restart()
	return s
}

func (e engine) privateFolder(folder func(root string) (*throwaway, error)) (*throwaway, error) {
	root, err := e.rootFolder()
	if err != nil {
		return nil, err
	}
	e.sweepFolders(root)
	files, err := folder(root)
	if err != nil {
		return nil, err
	}
	return files, files.keep(0)
}

// URL names a database of the server ("postgres", or "test" on MariaDB), which
// is empty at first. It stays the same over restarts.
func (s *Server) URL() string { return s.files.url() }

// Restart starts the server, after stopping it when it runs, and returns once
// it answers. After a kill that includes crash recovery.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	deadline := time.Now().Add(patience)
	for {
		err := s.start()
		if err == nil {
			return
		}
		// The processes of a killed server need a moment to notice, and until
		// then no other may use the same data.
		if time.Now().After(deadline) {
			s.t.Fatalf("testdb: the server does not start: %v\n%s", err, s.files.tail())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s *Server) start() error {
	log, err := s.files.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := s.files.command(s.files.serverLine(s.settings))
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	s.process = cmd
	ended := false
	err = s.files.readyUnless(patience, func() bool {
		ended = exited(cmd.Process.Pid)
		return ended
	})
	if ended {
		s.process = nil
	} else if err != nil {
		s.Kill(syscall.SIGKILL)
	}
	return err
}

// exited tells whether a child has ended, and then has waited for it.
func exited(pid int) bool {
	var status syscall.WaitStatus
	reaped, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	return err != nil || reaped == pid
}

// Stop shuts the server down in an orderly way: open transactions are rolled
// back and clients are disconnected. Nothing happens when it is down already.
func (s *Server) Stop() {
	s.t.Helper()
	s.Kill(s.files.stop)
}

// Kill sends sig to the server and waits for its end. SIGKILL is the death of
// the main process, after which PostgreSQL's children end by themselves;
// SIGQUIT is what "pg_ctl stop -m immediate" does. Nothing happens when it is down already.
func (s *Server) Kill(sig syscall.Signal) {
	s.t.Helper()
	if s.process == nil {
		return
	}
	cmd := s.process
	s.process = nil
	if err := cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("testdb: %v", err)
	}
	stuck := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait() // an exit code other than zero is what a kill is about
	if !stuck.Stop() {
		s.t.Errorf("testdb: the server did not end within %v of %v", patience, sig)
	}
}

func (s *Server) remove() {
	s.Kill(s.files.abort)
	_ = s.files.Close()
	// The children of a killed server may still write; what is left then goes
	// to the keeper, which tries again a moment later.
	_ = os.RemoveAll(s.files.dir)
}

// Log returns the path of the server's log file.
func (s *Server) Log() string { return s.files.log() }

// Socket returns the path of the socket file, for tests that put a proxy of
// their own in between.
func (s *Server) Socket() string { return filepath.Join(s.files.dir, s.files.socketName) }

// String names the server in test output.
func (s *Server) String() string { return fmt.Sprintf("%s in %s", s.files.short, s.files.dir) }
