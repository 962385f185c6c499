package e2e_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/internal/faultproxy"
	"github.com/joinery-go/joinery/internal/testdb"
)

// serviceAt is a service over a database that is reached by url.
func (b backend) serviceAt(t *testing.T, url string) (*service, *client) {
	t.Helper()
	db := b.opened(t, url, &sqldb.Options{StatementTimeout: 3 * time.Second})
	s, err := newService(db)
	must(t, err)
	must(t, s.install(t.Context()))
	return s, serve(t, s.api)
}

// The server of the database is killed and started again under load: the service says that it
// is unavailable, and goes on by itself; nothing is lost and nothing is there
// twice.
func TestBar54_DatabaseKilledUnderLoad(t *testing.T) {
	onServers(t, killedUnderLoad)
}

func killedUnderLoad(t *testing.T, b backend) {
	server := map[string]func(testing.TB, *testdb.ServerOptions) *testdb.Server{"postgres": testdb.StartPostgres, "mariadb": testdb.StartMariaDB}[b.name](t, nil)
	s, c := b.serviceAt(t, server.URL())
	l := startLoad(t, 8, func() *client { return c })
	for range scale(t, "JOINERY_KILLS", 3) {
		l.more(&l.acknowledged, 20)
		server.Kill(syscall.SIGKILL)
		l.more(&l.unavailable, 40)
		server.Restart()
		l.healthy("killed")
	}
	l.check(s.db)
}

// What a network does to the connections of a loaded pool is answered by 503
// at the worst, and is over when it is over.
func TestBar62_DatabaseOutOfReach(t *testing.T) {
	onServers(t, outOfReach)
}

func outOfReach(t *testing.T, b backend) {
	for _, f := range []struct {
		name  string
		fault faultproxy.Fault
		down  bool // nothing gets through
		act   func(*faultproxy.Proxy)
	}{
		{"hangs", faultproxy.Fault{Hang: faultproxy.Both}, true, nil},
		{"does not answer", faultproxy.Fault{Hang: faultproxy.ToClient}, true, nil},
		{"refuses and is cut", faultproxy.Fault{Refuse: true}, true, (*faultproxy.Proxy).Cut},
		{"resets", faultproxy.Fault{}, false, (*faultproxy.Proxy).Reset},
		{"cuts an answer", faultproxy.Fault{}, false, func(p *faultproxy.Proxy) { p.CutAfter(1000) }},
		{"is slow", faultproxy.Fault{Latency: 20 * time.Millisecond}, false, nil},
		{"trickles", faultproxy.Fault{Trickle: 200, Pause: time.Millisecond}, false, nil},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			proxy := faultproxy.Start(t, b.url(t))
			s, c := b.serviceAt(t, proxy.URL())
			l := startLoad(t, 50, func() *client { return c })
			l.more(&l.acknowledged, 50)
			proxy.Set(f.fault)
			if f.act != nil {
				f.act(proxy)
			}
			if f.down {
				l.more(&l.unavailable, 100)
				if n := runtime.NumGoroutine(); n > 2000 {
					t.Errorf("%d goroutines", n)
				}
			} else {
				l.more(&l.acknowledged, 50)
			}
			proxy.Set(faultproxy.Fault{})
			l.healthy(f.name)
			l.check(s.db)
		})
	}
}
