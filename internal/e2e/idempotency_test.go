package e2e_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
)

// Requests with one key, at once, write once, and their hooks run once.
func TestParallelRequestsOfOneKeyWriteOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s, c := startService(t, b, nil)
		var committed atomic.Int64
		s.items.Hooks().Create.Committed(func(context.Context, crud.CreateEvent[Item, CreateItem]) error {
			committed.Add(1)
			return nil
		})
		actor, key := newUser(), uuid.NewString()
		var mu sync.Mutex
		answers := map[string]int{}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				a := c.do(t, actor, "POST", "/v1/items", object{"title": "once"}, keyHeader, key)
				mu.Lock()
				defer mu.Unlock()
				answers[fmt.Sprint(a.status, " ", a.header.Get("Location"), " ", a.header.Get(replayedHeader))]++
				if a.status != 201 && a.status != 409 {
					t.Errorf("answered %d %s", a.status, a.body)
				}
			})
		}
		wg.Wait()
		if n := counts[string](t, s.db, "SELECT title, count(*) FROM items GROUP BY title")["once"]; n != 1 || committed.Load() != 1 {
			t.Errorf("%d rows, %d hooks after the commit; answers: %v", n, committed.Load(), answers)
		}
		if len(answers) > 3 { // done, replayed, in use
			t.Errorf("different answers: %v", answers)
		}
	})
}

// childDies makes the process of a server kill itself at a point of its first
// create of an item.
const (
	childDies    = "JOINERY_E2E_DIES"
	beforeCommit = "before"
	afterCommit  = "after"
)

func (s *service) dieAt(point string) {
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	switch point {
	case beforeCommit:
		s.items.Hooks().Create.After(func(context.Context, *crud.CreateEvent[Item, CreateItem]) error {
			die()
			select {} // the signal may take a moment
		})
	case afterCommit:
		s.items.Hooks().Create.Committed(func(context.Context, crud.CreateEvent[Item, CreateItem]) error {
			die()
			select {}
		})
	}
}

// A server that is killed between the claim of a key and the commit leaves
// nothing but the claim; one that is killed after the commit, before it has
// answered, leaves the answer. Sent again, the request has one row, either way.
func TestBar54_AKeyOutlivesItsServer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		url := b.url(t)
		s, err := newService(b.opened(t, url, nil))
		must(t, err)
		must(t, s.install(t.Context()))
		for point, want := range map[string]struct {
			left     int // rows after the kill
			replayed string
		}{beforeCommit: {0, ""}, afterCommit: {1, "true"}} {
			actor, key := newUser(), uuid.NewString()
			body := object{"title": point}
			dying := startChild(t, url, childDies+"="+point)
			if a, err := dying.try(t.Context(), actor, "POST", "/v1/items", body, keyHeader, key); err == nil {
				t.Fatalf("the server that is to die answered %d %s", a.status, a.body)
			}
			_ = dying.wait(t)
			rows := func() int {
				return counts[string](t, s.db, "SELECT title, count(*) FROM items GROUP BY title")[point]
			}
			if n := rows(); n != want.left {
				t.Errorf("killed %s the commit: %d rows", point, n)
			}
			next := startChild(t, url)
			next.do(t, actor, "POST", "/v1/items", object{"title": "another"}, keyHeader, key).want(t, 422)
			a := untilFree(t, next.client, actor, body, key).want(t, 201)
			if got := a.header.Get(replayedHeader); got != want.replayed {
				t.Errorf("killed %s the commit, the answer is replayed: %q", point, got)
			}
			again := next.do(t, actor, "POST", "/v1/items", body, keyHeader, key).want(t, 201)
			if string(again.body) != string(a.body) || again.header.Get("Location") != a.header.Get("Location") {
				t.Errorf("another answer: %s, then %s", a.body, again.body)
			}
			if n := rows(); n != 1 {
				t.Errorf("killed %s the commit, sent again: %d rows", point, n)
			}
			next.do(t, actor, "GET", a.header.Get("Location"), nil).want(t, 200)
		}
	})
}

// untilFree sends a request again as long as its key is in use.
func untilFree(t *testing.T, c *client, actor joinery.Actor, body object, key string) answer {
	t.Helper()
	for range 1200 {
		a := c.do(t, actor, "POST", "/v1/items", body, keyHeader, key)
		if a.status != 409 {
			return a
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the key stays in use")
	return answer{}
}

// Servers are killed one after the other while clients write, each with a key
// of its own, until they are told that it is done: everything is there once.
// JOINERY_KILLS is how often.
func TestBar54_KilledServersWriteOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		url := b.url(t)
		s, err := newService(b.opened(t, url, nil))
		must(t, err)
		must(t, s.install(t.Context()))
		w := &writers{url: url}
		w.restart(t)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { w.write(t, stop) })
		}
		for range scale(t, "JOINERY_KILLS", 4) {
			before := w.done.Load()
			for w.done.Load() < before+20 && !t.Failed() {
				time.Sleep(time.Duration(rand.N(20)) * time.Millisecond)
			}
			w.kill(t)
		}
		close(stop)
		wg.Wait()
		w.check(t, s.db)
	})
}

// writers write to whichever server is there.
type writers struct {
	url    string
	server atomic.Pointer[child]
	done   atomic.Int64

	mu     sync.Mutex
	titles []string
}

func (w *writers) restart(t *testing.T) { w.server.Store(startChild(t, w.url)) }

func (w *writers) kill(t *testing.T) {
	c := w.server.Load()
	_ = c.process.Process.Kill()
	_ = c.wait(t)
	w.restart(t)
}

// write writes items until it is told to stop; each until it is acknowledged.
func (w *writers) write(t *testing.T, stop <-chan struct{}) {
	actor := newUser()
	for {
		select {
		case <-stop:
			return
		default:
		}
		title := uuid.NewString()
		if !w.insist(t, actor, title) {
			t.Errorf("%s was never acknowledged", title)
			return
		}
		w.mu.Lock()
		w.titles = append(w.titles, title)
		w.mu.Unlock()
		w.done.Add(1)
	}
}

func (w *writers) insist(t *testing.T, actor joinery.Actor, title string) bool {
	for range 2000 {
		a, err := w.server.Load().try(t.Context(), actor, "POST", "/v1/items", object{"title": title}, keyHeader, title)
		switch {
		case err == nil && a.status == 201:
			return true
		case err == nil && a.status != 409 && a.status != 503:
			t.Errorf("answered %d %s", a.status, a.body)
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

func (w *writers) check(t *testing.T, db *sqldb.DB) {
	rows := counts[string](t, db, "SELECT title, count(*) FROM items GROUP BY title")
	for _, title := range w.titles {
		if rows[title] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", title, rows[title])
		}
	}
	if len(rows) != len(w.titles) {
		t.Errorf("%d items, %d acknowledged", len(rows), len(w.titles))
	}
	t.Logf("%d writes", len(rows))
}
