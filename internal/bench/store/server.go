package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// nobody is the user that runs the server when root runs the benchmark.
const nobody = 65534

// Server is a throwaway PostgreSQL.
type Server struct {
	dir   string
	cmd   *exec.Cmd
	stdin io.Closer
}

// keeper runs the server until its own input ends, which it does however the
// process ends that holds the other side.
const keeper = `"$@" & pid=$!; cat; kill -QUIT $pid; wait $pid`

// Settings of the server: nothing waits for the disk, because a disk that all
// servers wait for alike hides what is measured; no compilation of statements
// and no vacuum at a moment of its own choice.
var settings = []string{
	"listen_addresses=", "shared_buffers=1GB", "max_connections=200", "work_mem=16MB", "max_wal_size=8GB", "checkpoint_timeout=1h",
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off", "max_parallel_workers_per_gather=0",
	"random_page_cost=1.1", "effective_cache_size=4GB", "dynamic_shared_memory_type=mmap",
}

// Start makes a folder for a server in dir and starts it.
func Start(ctx context.Context, dir string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{dir: filepath.Join(dir, "pg")}
	if err := s.init(bin); err != nil {
		return nil, err
	}
	args := []string{"-c", keeper, "keeper", filepath.Join(bin, "postgres"), "-D", s.dir, "-k", s.dir}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	s.cmd = s.command("/bin/sh", args...)
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "postgres.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("the PostgreSQL server does not start, see %s: %w", log.Name(), err)
	}
	return s, nil
}

// programs is the folder of the server's programs: that of PATH, else the
// newest of the usual ones.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb", "/usr/local/opt/postgresql*/bin/initdb"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return filepath.Dir(found[len(found)-1]), nil
		}
	}
	return "", errors.New("PostgreSQL's programs are not there: install postgresql, or name an empty server by BENCH_POSTGRES")
}

func (s *Server) init(bin string) error {
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		if err := os.Chown(s.dir, nobody, nobody); err != nil {
			return err
		}
	}
	out, err := s.command(filepath.Join(bin, "initdb"), "--pgdata", s.dir, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// command runs a program of PostgreSQL as somebody who may, out of reach of the
// terminal's Ctrl-C.
func (s *Server) command(path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = s.dir, []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return cmd
}

func (s *Server) ready(ctx context.Context) (err error) {
	for range 200 {
		var conn *pgx.Conn
		if conn, err = pgx.Connect(ctx, s.URL("postgres")); err == nil {
			return conn.Close(ctx)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// URL names a database of the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}

// Stop ends the server. Its data goes with the folder it was started in.
func (s *Server) Stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait() // it was told to end
}
