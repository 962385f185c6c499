package e2e_test

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A server that is told to end answers what it has begun, keeps what it wrote,
// and ends well.
func TestBar61_ToldToEndWithRequestsInFlight(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		const requests = 200
		url := b.url(t)
		s, err := newService(b.opened(t, url, nil))
		must(t, err)
		must(t, s.install(t.Context()))
		c := startChild(t, url)
		actor := newUser()
		var wg sync.WaitGroup
		for i := range requests {
			wg.Go(func() {
				a, err := c.try(t.Context(), actor, "POST", "/v1/slow", object{"title": fmt.Sprint(i)})
				if err != nil || a.status != 201 {
					t.Errorf("a request in flight: %d %s %v", a.status, a.body, err)
				}
			})
		}
		c.waitFor(t, requests)
		must(t, c.process.Process.Signal(syscall.SIGTERM))
		wg.Wait()
		if err := c.wait(t); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if titles := counts[string](t, s.db, "SELECT title, count(*) FROM items GROUP BY title"); len(titles) != requests {
			t.Errorf("%d items of %d are there", len(titles), requests)
		}
	})
}

// waitFor waits until so many slow requests have begun.
func (c *child) waitFor(t *testing.T, requests int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var got struct{ Running int }
		c.do(t, newUser(), "GET", "/v1/slow", nil).want(t, 200).into(t, &got)
		if got.Running >= requests {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d requests of %d have begun", got.Running, requests)
		}
	}
}
