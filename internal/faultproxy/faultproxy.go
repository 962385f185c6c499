// Package faultproxy stands between a database and its client and does to
// their connections what networks do: it stops forwarding, adds latency, lets
// bytes through in a trickle, refuses, resets and cuts.
//
//	proxy := faultproxy.Start(t, server.URL())
//	db, err := pgdb.Open(ctx, proxy.URL(), nil)
//	proxy.Set(faultproxy.Fault{Hang: faultproxy.Both})
//	…                               // the database does not answer, and nobody hangs up
//	proxy.Set(faultproxy.Fault{})   // what was held up goes on
//
// It knows nothing of the protocol that goes through it. Only tests import it.
package faultproxy

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy forwards connections to one server. It is safe for concurrent use.
type Proxy struct {
	t        testing.TB
	target   target
	listener net.Listener
	running  sync.WaitGroup

	mu       sync.Mutex
	fault    Fault
	changed  chan struct{} // closed when the fault changes or the proxy ends
	budget   int           // bytes of answers until the cut; negative: no cut
	links    map[*link]struct{}
	accepted int
	ended    bool
}

// Fault is what happens to connections while it is set. The zero Fault is a
// healthy network.
type Fault struct {
	// Hang stops forwarding in the given directions: bytes stay where they
	// are, connections stay open, and new ones are accepted and stand still
	// too. They go on when the fault is taken away.
	Hang Direction

	// Latency is how long each piece waits in each direction, a piece being
	// what one read brought.
	Latency time.Duration

	// Trickle is how many bytes may pass at once, in each direction, with
	// Pause between them. 0: no limit.
	Trickle int
	Pause   time.Duration

	// Refuse resets new connections at once, as a host does where nobody
	// listens. Those that are open stay.
	Refuse bool
}

// Direction is which way bytes go. The zero Direction is none.
type Direction uint8

// The directions, to be combined by |.
const (
	ToServer Direction = 1 << iota // requests
	ToClient                       // answers: what was asked for happens, and nobody learns of it
	Both     = ToServer | ToClient
)

// Start starts a proxy in front of the server that a database URL names, by
// host and port or by its socket file, of which a URL of PostgreSQL has the
// folder (host) and one of MariaDB the whole path (socket). The
// proxy listens on 127.0.0.1 and ends with the test.
func Start(t testing.TB, url string) *Proxy {
	t.Helper()
	to, err := parse(url)
	if err != nil {
		t.Fatalf("faultproxy: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("faultproxy: %v", err)
	}
	p := &Proxy{t: t, target: to, listener: listener, changed: make(chan struct{}), budget: -1, links: map[*link]struct{}{}}
	p.running.Go(p.accept)
	t.Cleanup(p.end)
	return p
}

// URL is the server's URL, through the proxy.
func (p *Proxy) URL() string { return p.target.through(p.Addr()) }

// Addr is where the proxy listens, as host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set makes f what happens from now on, in place of the fault set before.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	p.wake()
}

// wake lets those that wait look at the fault again. The mutex is held.
func (p *Proxy) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Cut closes all open connections in order, as a server does that shuts down:
// both sides see the end of the stream.
func (p *Proxy) Cut() { p.each((*link).cut) }

// Reset tears all open connections down with a TCP reset towards the client.
func (p *Proxy) Reset() { p.each((*link).reset) }

// CutAfter lets n more bytes of answers through, on all connections together,
// and then does what Cut does: in the middle of a message, most likely.
func (p *Proxy) CutAfter(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.budget = n
}

// Open is how many connections are open now.
func (p *Proxy) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links)
}

// Accepted is how many connections clients have made so far, refused ones
// included.
func (p *Proxy) Accepted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

func (p *Proxy) each(do func(*link)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		do(l)
	}
}

func (p *Proxy) end() {
	_ = p.listener.Close()
	p.mu.Lock()
	p.ended = true
	p.wake()
	p.mu.Unlock()
	p.Cut()
	p.running.Wait()
}
