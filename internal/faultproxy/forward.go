package faultproxy

import (
	"net"
	"time"
)

// forward passes on what comes, as the fault lets it. When one direction has
// ended the whole connection has; a direction that hangs does not tell its end
// either.
func (p *Proxy) forward(l *link, d Direction, from, to net.Conn) {
	defer l.cut()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if !p.pass(l, d, buffer[:n], to) {
			return
		}
		if err != nil {
			p.flowing(l, d)
			return
		}
	}
}

// pass writes one piece after its latency, in as many parts as the trickle
// makes of it, and reports whether the connection goes on.
func (p *Proxy) pass(l *link, d Direction, piece []byte, to net.Conn) bool {
	if len(piece) > 0 {
		f, changed := p.now()
		l.wait(f.Latency, changed)
	}
	for len(piece) > 0 {
		f, ok := p.flowing(l, d)
		if !ok {
			return false
		}
		n, last := p.spend(d, f.part(len(piece)))
		if _, err := to.Write(piece[:n]); err != nil {
			return false
		}
		if last {
			p.Cut()
			return false
		}
		if piece = piece[n:]; len(piece) > 0 {
			_, changed := p.now()
			l.wait(f.Pause, changed)
		}
	}
	return true
}

// part is how many of n bytes may pass at once.
func (f Fault) part(n int) int {
	if f.Trickle > 0 {
		return min(n, f.Trickle)
	}
	return n
}

// flowing waits while the direction hangs, and returns the fault then; false
// when the connection or the proxy has ended.
func (p *Proxy) flowing(l *link, d Direction) (Fault, bool) {
	for {
		f, changed := p.now()
		if changed == nil {
			return f, false
		}
		if f.Hang&d == 0 {
			return f, true
		}
		select {
		case <-changed:
		case <-l.gone:
			return f, false
		}
	}
}

// now is the present fault and the channel that is closed when it changes; nil
// when the proxy has ended.
func (p *Proxy) now() (Fault, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return Fault{}, nil
	}
	return p.fault, p.changed
}

// spend takes n bytes from what may pass until the cut, and says how many of
// them there were and whether they were the last.
func (p *Proxy) spend(d Direction, n int) (allowed int, last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d != ToClient || p.budget < 0 {
		return n, false
	}
	if n < p.budget {
		p.budget -= n
		return n, false
	}
	n, p.budget = p.budget, -1
	return n, true
}

// wait waits for d, or until the fault changes or the connection ends.
func (l *link) wait(d time.Duration, changed <-chan struct{}) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-l.gone:
	}
}
