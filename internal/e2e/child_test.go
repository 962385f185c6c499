package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/rest"
)

// childURL makes a process of this test binary a server over the database that
// it names.
const childURL = "JOINERY_E2E_CHILD"

// serveAsChild serves until SIGTERM, and prints where.
func serveAsChild(url string) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := serveOn(ctx, url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveOn(ctx context.Context, url string) error {
	open := sqlitedb.Open
	switch scheme, _, _ := strings.Cut(url, ":"); scheme {
	case "postgres":
		open = pgdb.Open
	case "mysql":
		open = mariadb.Open
	}
	db, err := open(ctx, url, &sqldb.Options{MaxConns: 8})
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := newService(db)
	if err != nil {
		return err
	}
	s.dieAt(os.Getenv(childDies))
	if err := s.slowly(); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + ln.Addr().String())
	return rest.Server(s.api, nil).RunOn(ctx, ln)
}

// slowly adds a write that takes its time, and a count of how many do.
func (s *service) slowly() error {
	var running atomic.Int64
	create := func(ctx context.Context, in CreateItem) (Item, error) {
		running.Add(1)
		time.Sleep(500 * time.Millisecond)
		return s.items.Create(ctx, in)
	}
	count := func(context.Context, struct{}) (object, error) { return object{"running": running.Load()}, nil }
	if err := rest.Handle(s.api, "POST", "/v1/slow", create, rest.WithStatus(201)); err != nil {
		return err
	}
	return rest.Handle(s.api, "GET", "/v1/slow", count)
}

// child is a server in a process of its own.
type child struct {
	*client
	process *exec.Cmd
	exited  chan error
}

// startChild starts a server over the database; env is more of its environment.
func startChild(t *testing.T, url string, env ...string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childURL+"="+url), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the server did not start: %v", cmd.Wait())
	}
	c := &child{newClient(t, lines.Text()), cmd, make(chan error, 1)}
	go func() { c.exited <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return c
}

// wait is how the process ended.
func (c *child) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-c.exited:
		return err
	case <-time.After(60 * time.Second):
		t.Fatal("the server does not end")
		return nil
	}
}
