package e2e_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// load is clients that write items, each with an idempotency key, and try each
// write again until it is acknowledged.
type load struct {
	t      *testing.T
	client func() *client // which server is asked
	actor  joinery.Actor
	end    context.CancelFunc
	wg     sync.WaitGroup

	acknowledged, unavailable, cut atomic.Int64

	mu      sync.Mutex
	titles  []string
	slowest time.Duration // of the answers 503
}

// startLoad starts so many clients. A server may answer 201, 503, or that a
// key is in use by the try before; what it drops is tried again, and counted.
func startLoad(t *testing.T, clients int, client func() *client) *load {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	l := &load{t: t, client: client, actor: newUser(), end: end}
	t.Cleanup(l.stop)
	for range clients {
		l.wg.Go(func() {
			for ctx.Err() == nil {
				l.write(ctx, uuid.NewString())
			}
		})
	}
	return l
}

// write writes one item, however often that has to be asked for.
func (l *load) write(ctx context.Context, title string) {
	for ctx.Err() == nil {
		began := time.Now()
		a, err := l.client().try(context.WithoutCancel(ctx), l.actor, "POST", "/v1/items", object{"title": title}, keyHeader, title)
		switch {
		case err != nil:
			l.cut.Add(1)
		case a.status == 201:
			l.acknowledge(title)
			return
		case a.status == 503:
			l.unavailable.Add(1)
			l.waited(time.Since(began))
		case a.status != 409:
			l.t.Errorf("POST /v1/items: %d %s", a.status, a.body)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (l *load) acknowledge(title string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.titles = append(l.titles, title)
	l.acknowledged.Add(1)
}

func (l *load) waited(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowest = max(l.slowest, d)
}

// more waits until the number has grown by n.
func (l *load) more(of *atomic.Int64, n int64) {
	l.t.Helper()
	for want, deadline := of.Load()+n, time.Now().Add(time.Minute); of.Load() < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("nothing goes on: %d acknowledged, %d unavailable, %d cut", l.acknowledged.Load(), l.unavailable.Load(), l.cut.Load())
		}
	}
}

// healthy waits until the service works again, and prints how long that took.
func (l *load) healthy(what string) {
	l.t.Helper()
	began := time.Now()
	l.more(&l.acknowledged, 20)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.t.Logf("%s: 20 more writes after %v; the slowest 503 took %v", what, time.Since(began).Round(time.Millisecond), l.slowest.Round(time.Millisecond))
	l.slowest = 0
}

func (l *load) stop() {
	l.end()
	l.wg.Wait()
}

// check stops the load and compares the table with what was acknowledged:
// each of those is there, and nothing is there twice.
func (l *load) check(db *sqldb.DB) {
	l.t.Helper()
	l.stop()
	rows := counts[string](l.t, db, "SELECT title, count(*) FROM items GROUP BY title")
	for title, n := range rows {
		if n != 1 {
			l.t.Errorf("item %s is there %d times", title, n)
		}
	}
	for _, title := range l.titles {
		if rows[title] == 0 {
			l.t.Errorf("item %s was acknowledged and is lost", title)
		}
	}
	l.t.Logf("%d writes acknowledged, %d answers 503, %d connections cut", l.acknowledged.Load(), l.unavailable.Load(), l.cut.Load())
}
