package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/joinery-go/joinery"
)

// Many writers add to one row, each by what it read; nothing that was added is
// lost, and nothing counts twice. JOINERY_ADDS is how often each adds.
func TestWritersOfOneRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		writers := b.part(100)
		adds := scale(t, "JOINERY_ADDS", 5)
		_, c := startService(t, b, nil)
		owner := newUser()
		path := "/v1/items/" + c.create(t, owner, "/v1/items", object{"title": "counter"}).ID.String()
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range adds {
					if err := c.add(t, owner, path); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		var row ident
		c.do(t, owner, "GET", path, nil).want(t, 200).into(t, &row)
		if want := int64(writers * adds); row.Count != want || row.Version != want+1 {
			t.Errorf("the row counts %d in version %d, want %d", row.Count, row.Version, want)
		}
	})
}

// add reads the row and writes one more, until nobody was faster. After each
// failure it waits longer, at random, as clients should.
func (c *client) add(t *testing.T, actor joinery.Actor, path string) error {
	for wait := time.Millisecond; ; wait = min(2*wait, time.Second) {
		written, err := c.addOnce(t, actor, path)
		switch {
		case err != nil:
			return err
		case written.status == 200:
			return nil
		case written.status != 412 && written.status != 503:
			return fmt.Errorf("got %d %s", written.status, written.body)
		}
		time.Sleep(rand.N(wait))
	}
}

// addOnce is the answer to the write, or to the read where that failed.
func (c *client) addOnce(t *testing.T, actor joinery.Actor, path string) (answer, error) {
	read, err := c.try(t.Context(), actor, "GET", path, nil)
	if err != nil || read.status == 503 {
		return read, err
	}
	var row ident
	read.into(t, &row)
	return c.try(t.Context(), actor, "PATCH", path, object{"count": row.Count + 1}, "If-Match", read.header.Get("ETag"))
}
