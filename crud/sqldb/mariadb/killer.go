package mariadb

import (
	"context"
	sqldriver "database/sql/driver"
	"strconv"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
)

// killer ends connections in the server, each by a connection of its own, a few
// at a time.
type killer struct {
	config *mysql.Config
	turns  chan struct{}

	mu      sync.Mutex
	running sync.WaitGroup
	closed  bool
}

// killPatience is what a kill may take, the wait for its turn included. A
// server that cannot be reached by then ends the statement by its own limit.
const killPatience = 2 * time.Second

// kill ends the connection, soon; after close before it returns.
func (k *killer) kill(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		k.run(id)
		return
	}
	k.running.Go(func() { k.run(id) })
}

func (k *killer) run(id int64) {
	ctx, cancel := context.WithTimeout(context.Background(), killPatience)
	defer cancel()
	select {
	case k.turns <- struct{}{}:
		defer func() { <-k.turns }()
	case <-ctx.Done():
		return
	}
	connector, err := mysql.NewConnector(k.config.Clone())
	if err != nil {
		return
	}
	c, err := connector.Connect(ctx)
	if err != nil {
		return // it is the server that is gone
	}
	defer c.Close()
	if ex, ok := c.(sqldriver.ExecerContext); ok {
		_, _ = ex.ExecContext(ctx, "KILL "+strconv.FormatInt(id, 10), nil) // it may have ended by itself
	}
}

// close waits for kills that run.
func (k *killer) close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.running.Wait()
}
