package faultproxy

import (
	"net"
	"sync"
)

// link is one connection of a client with its connection to the server.
type link struct {
	client, server net.Conn
	once           sync.Once
	gone           chan struct{} // closed by cut
}

func newLink(client, server net.Conn) *link {
	return &link{client: client, server: server, gone: make(chan struct{})}
}

// cut closes both connections.
func (l *link) cut() {
	l.once.Do(func() {
		close(l.gone)
		_ = l.client.Close()
		_ = l.server.Close()
	})
}

// reset closes both, the client's with a reset.
func (l *link) reset() {
	dropUnsent(l.client)
	l.cut()
}

// dropUnsent makes closing c a reset.
func dropUnsent(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

// accept takes connections until the listener is closed.
func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(client) })
	}
}

// serve connects a client and forwards both ways until either side has ended.
func (p *Proxy) serve(client net.Conn) {
	var server net.Conn
	err := net.ErrClosed
	if p.admit() {
		var dialer net.Dialer
		server, err = dialer.DialContext(p.t.Context(), p.target.network, p.target.address)
	}
	if err != nil { // nobody listens there, or is to listen here
		dropUnsent(client)
		_ = client.Close()
		return
	}
	l := newLink(client, server)
	defer l.cut()
	if !p.add(l) {
		return
	}
	defer p.remove(l)
	var back sync.WaitGroup
	back.Go(func() { p.forward(l, ToClient, server, client) })
	p.forward(l, ToServer, client, server)
	back.Wait()
}

// admit counts a new connection and tells whether it may stay.
func (p *Proxy) admit() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accepted++
	return !p.fault.Refuse
}

func (p *Proxy) add(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return false
	}
	p.links[l] = struct{}{}
	return true
}

func (p *Proxy) remove(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}
