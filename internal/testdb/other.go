//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package testdb

import (
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
)

// Named pipes, file locks and signals as the throwaway server needs them are
// Unix things. Elsewhere a server has to be named.
const unixOnly = "a throwaway server needs Unix; name a server with JOINERY_TEST_POSTGRES or JOINERY_TEST_MARIADB"

type engine struct{ bin string }

type throwaway struct{ io.Closer }

func (*throwaway) url() string { return "" }

func (engine) joinShared() (*throwaway, error) { return nil, &missingError{unixOnly} }

func postgresEngine(bin string) engine { return engine{bin} }

func findMariaDB() (engine, error) { return engine{}, &missingError{unixOnly} }

// tryLock says no, so that folders are never swept where they cannot be locked.
func tryLock(*os.File) bool { return false }

// Server is a database server that belongs to one test; Unix only.
type Server struct{}

// ServerOptions adjust a [Server].
type ServerOptions struct {
	// Settings are server parameters.
	Settings map[string]string
}

// StartPostgres skips the test, or fails it where PostgreSQL is required.
func StartPostgres(t testing.TB, _ *ServerOptions) *Server {
	t.Helper()
	giveUp(t, "postgres", &missingError{unixOnly})
	panic(errors.ErrUnsupported) // giveUp does not return
}

// StartMariaDB skips the test, or fails it where MariaDB is required.
func StartMariaDB(t testing.TB, _ *ServerOptions) *Server {
	t.Helper()
	giveUp(t, "mariadb", &missingError{unixOnly})
	panic(errors.ErrUnsupported)
}

// URL is never reached.
func (*Server) URL() string { return "" }

// StartReplica is never reached.
func (*Server) StartReplica(*ServerOptions) *Server { return nil }

// Restart is never reached.
func (*Server) Restart() {}

// Stop is never reached.
func (*Server) Stop() {}

// Kill is never reached.
func (*Server) Kill(syscall.Signal) {}

// Socket is never reached.
func (*Server) Socket() string { return "" }

// Log is never reached.
func (*Server) Log() string { return "" }
