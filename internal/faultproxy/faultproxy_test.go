package faultproxy_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/internal/faultproxy"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// echo is a server that answers each line with the line.
func echo(t *testing.T) *faultproxy.Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return faultproxy.Start(t, "tcp://"+listener.Addr().String())
}

type client struct {
	net.Conn
	*is.I
	lines *bufio.Reader
}

func dial(t *testing.T, p *faultproxy.Proxy) client {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return client{conn, is.New(t), bufio.NewReader(conn)}
}

func (c client) say(line string) {
	_, err := io.WriteString(c, line+"\n")
	c.NoErr(err)
}

func (c client) hear() (string, error) {
	line, err := c.lines.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// hears waits for a line, and fails when there is none.
func (c client) hears(want string) {
	line, err := c.hear()
	c.NoErr(err)
	c.Equal(line, want)
}

// silent looks for a while whether something comes.
func (c client) silent() {
	c.NoErr(c.SetReadDeadline(time.Now().Add(100 * time.Millisecond)))
	_, err := c.lines.Peek(1)
	c.True(errors.Is(err, os.ErrDeadlineExceeded))
	c.NoErr(c.SetReadDeadline(time.Time{}))
}

func TestForward(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	long := strings.Repeat("x", 100_000)
	for _, line := range []string{"one", "two", long} {
		go c.say(line)
		c.hears(line)
	}
	c.Equal(p.Open(), 1)
	c.NoErr(c.Close())
	for p.Open() > 0 { // the proxy ends with its client
		time.Sleep(time.Millisecond)
	}
	c.Equal(p.Accepted(), 1)
}

func TestHang(t *testing.T) {
	t.Parallel()
	for _, d := range []faultproxy.Direction{faultproxy.ToServer, faultproxy.ToClient, faultproxy.Both} {
		p := echo(t)
		c := dial(t, p)
		c.say("before")
		c.hears("before")
		p.Set(faultproxy.Fault{Hang: d})
		c.say("held up")
		late := dial(t, p)
		late.say("held up too")
		c.silent()
		late.silent()
		p.Set(faultproxy.Fault{})
		c.hears("held up")
		late.hears("held up too")
	}
}

func TestResetWhileHanging(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	c.say("before")
	c.hears("before")
	p.Set(faultproxy.Fault{Hang: faultproxy.Both})
	c.say("held up")
	c.silent()
	p.Reset()
	_, err := c.hear()
	c.True(errors.Is(err, syscall.ECONNRESET))
	for p.Open() > 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	c.say("before")
	c.hears("before")
	p.Cut()
	_, err := c.hear()
	c.Equal(err, io.EOF)
	c = dial(t, p) // the next one is as good as new
	c.say("after")
	c.hears("after")
}

func TestCutAfter(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	p.CutAfter(9)
	c.say("one")
	c.hears("one")
	c.say("two, and more")
	line, err := c.hear()
	c.Equal(line, "two, ")
	c.Equal(err, io.EOF)
	c = dial(t, p)
	c.say("after")
	c.hears("after")
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	p := echo(t)
	open := dial(t, p)
	open.say("before")
	open.hears("before")
	p.Set(faultproxy.Fault{Refuse: true})
	refused(t, p)
	open.Equal(p.Accepted(), 2)
	open.say("still")
	open.hears("still")
}

// refused sees that a new connection comes to nothing, at once or when used.
func refused(t *testing.T, p *faultproxy.Proxy) {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err = conn.Read(make([]byte, 1)); err == nil {
		t.Error("somebody answers")
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	p.Set(faultproxy.Fault{Latency: time.Hour})
	c.say("late")
	c.silent()
	p.Set(faultproxy.Fault{Latency: time.Millisecond})
	c.hears("late")
}

func TestTrickle(t *testing.T) {
	t.Parallel()
	p := echo(t)
	c := dial(t, p)
	p.Set(faultproxy.Fault{Trickle: 2, Pause: time.Hour})
	c.say("drop by drop")
	got := make([]byte, 2)
	_, err := io.ReadFull(c.lines, got)
	c.NoErr(err)
	c.Equal(string(got), "dr")
	c.silent()
	p.Set(faultproxy.Fault{Trickle: 1, Pause: time.Millisecond})
	c.hears("op by drop")
}

func TestStartWithoutServer(t *testing.T) {
	t.Parallel()
	p := faultproxy.Start(t, "tcp://127.0.0.1:1")
	refused(t, p)
}

// TestPostgres: a real database, by its socket file, and by host and port.
func TestPostgres(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	near := faultproxy.Start(t, testdb.PostgresURL(t))
	far := faultproxy.Start(t, near.URL())
	conn, err := pgx.Connect(t.Context(), far.URL())
	is.NoErr(err)
	defer conn.Close(context.Background())
	var n int
	is.NoErr(conn.QueryRow(t.Context(), "SELECT 1").Scan(&n))
	near.Set(faultproxy.Fault{Hang: faultproxy.ToClient})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	is.True(conn.QueryRow(ctx, "SELECT 1").Scan(&n) != nil)
	near.Set(faultproxy.Fault{})
	again, err := pgx.Connect(t.Context(), far.URL())
	is.NoErr(err)
	is.NoErr(again.Close(t.Context()))
}

// TestMariaDB likewise.
func TestMariaDB(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	near := faultproxy.Start(t, testdb.MariaDBURL(t))
	far := faultproxy.Start(t, near.URL())
	db, err := mariadb.Open(t.Context(), far.URL(), &sqldb.Options{MaxConns: 1})
	is.NoErr(err)
	defer db.Close()
	one := func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("SELECT 1"))
		return err
	}
	is.NoErr(one(t.Context()))
	near.Set(faultproxy.Fault{Hang: faultproxy.ToClient})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	is.True(one(ctx) != nil)
	near.Set(faultproxy.Fault{})
	is.NoErr(one(t.Context()))
}
