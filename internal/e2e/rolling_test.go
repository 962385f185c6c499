package e2e_test

import (
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
)

// Two servers over one database are replaced in turn under load, as an update
// does it: no write is lost, and none is there twice. What reaches a server
// that is gone is sent to the other by the same key.
func TestBar61_RollingRestart(t *testing.T) {
	onServers(t, rollingRestart)
}

func rollingRestart(t *testing.T, b backend) {
	url := b.url(t)
	db := b.opened(t, url, nil)
	s, err := newService(db)
	must(t, err)
	must(t, s.install(t.Context()))
	both := &balancer{servers: [2]*child{startChild(t, url), startChild(t, url)}}
	l := startLoad(t, 16, both.any)
	for i := range scale(t, "JOINERY_KILLS", 6) {
		l.more(&l.acknowledged, 50)
		old := both.servers[i%2]
		next := startChild(t, url)
		if i%4 < 2 { // the balancer learns first, or the hard way
			both.replace(i%2, next)
		}
		must(t, old.process.Process.Signal(syscall.SIGTERM))
		if err := old.wait(t); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		both.replace(i%2, next)
	}
	l.more(&l.acknowledged, 50)
	l.check(db)
	if n := l.unavailable.Load(); n > 0 {
		t.Errorf("%d answers 503", n)
	}
}

// balancer sends each request to one of two servers.
type balancer struct {
	mu      sync.Mutex
	servers [2]*child
}

func (b *balancer) any() *client {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.servers[rand.IntN(2)].client
}

func (b *balancer) replace(i int, c *child) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.servers[i] = c
}
