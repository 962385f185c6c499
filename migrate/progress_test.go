package migrate

import (
	"bytes"
	"testing"
	"time"

	"github.com/matryer/is"
)

// TestProgressOnATerminal: one line is written anew while a migration runs.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &progress{out: &out, terminal: true}
	e := Event{Kind: Started, Source: "core", Version: 3, Name: "big", Number: 3, Total: 12}
	p.event(e)
	e.Kind, e.Statement, e.Statements = Running, 2, 5
	p.event(e)
	p.began = time.Now().Add(-90 * time.Second)
	p.tick()
	e.Kind, e.Elapsed = Finished, 91*time.Second
	p.event(e)
	p.tick() // nothing runs
	const anew = "\r\x1b[K"
	is.New(t).Equal(out.String(), "[3/12] up core 0003_big"+
		anew+"[3/12] up core 0003_big statement 2 of 5"+
		anew+"[3/12] up core 0003_big statement 2 of 5 1m30s"+
		anew+"[3/12] up core 0003_big done in 1m31s\n")
}

// TestProgressInALog: lines of their own, and none anew.
func TestProgressInALog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out)
	p.every = time.Millisecond
	stop := p.start()
	p.event(Event{Kind: Waiting})
	p.event(Event{Kind: Started, Source: "core", Version: 3, Name: "big", Number: 3, Total: 12, Down: true})
	for {
		p.mu.Lock()
		n := bytes.Count(out.Bytes(), []byte("\n"))
		p.mu.Unlock()
		if n >= 2 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	is.New(t).True(bytes.HasPrefix(out.Bytes(), []byte("waiting for another process, which migrates or holds a lock\n")))
	is.New(t).True(bytes.Contains(out.Bytes(), []byte("\n[3/12] down core 0003_big\n")))
	is.New(t).True(!bytes.Contains(out.Bytes(), []byte("\r")))
}
