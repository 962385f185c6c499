package idemstore

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// run runs fn and stores its answer, in one transaction. Whatever else happens,
// a panic included, the key is given up.
func (c *claim) run(ctx context.Context, fn func(ctx context.Context) ([]byte, error)) (answer []byte, err error) {
	done := false
	defer func() {
		if !done {
			c.release(ctx, err)
		}
	}()
	err = sqldb.InTx(ctx, c.store.db, func(ctx context.Context) error {
		if answer, err = fn(ctx); err != nil {
			return err
		}
		return c.finish(ctx, answer)
	}, sqldb.Repeatable)
	if err != nil {
		return nil, err
	}
	done = true
	return answer, nil
}

// finish stores the answer, if the claim is still the key's: one that was taken
// over must not be committed beside the other.
func (c *claim) finish(ctx context.Context, answer []byte) error {
	if answer == nil {
		answer = []byte{} // null means that there is none yet
	}
	n, err := c.store.db.Exec(ctx, squirrel.Update(c.store.table).Set("answer", answer).
		Where("key_text = ? AND holder = ? AND answer IS NULL", c.key, c.holder))
	if err == nil && n != 1 {
		err = inUse()
	}
	return err
}

// release gives the key up. It cannot take away an answer: where it is unknown
// whether the commit happened, the row tells. Where it fails, the lease ends by
// itself. The caller waits meanwhile: of a database that just could not answer
// the call it asks for no more than a moment.
func (c *claim) release(ctx context.Context, cause error) {
	patience := 2 * time.Second
	if joinery.KindOf(cause) == joinery.Unavailable {
		patience = 250 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, _ = c.store.db.Exec(ctx, squirrel.Delete(c.store.table).
		Where("key_text = ? AND holder = ? AND answer IS NULL", c.key, c.holder))
}
