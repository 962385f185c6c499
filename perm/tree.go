package perm

import (
	"context"
	"fmt"
	"hash/fnv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// inTree needs that a new parent, named by column, makes no cycle in the tree
// that refs span. It holds for System and Root too. It is asked of a parent
// that may be viewed alone, as the answer to question seen tells: a hidden row
// must look like a missing one.
func (j *judgement) inTree(old, new registry.Row, column string, refs []*registry.Column, seen int) {
	const code, message = "cycle", "a row cannot be above itself"
	id, _ := new.UUID(j.m.ID.Name)
	parent, named := new.UUID(column)
	switch {
	case !named:
	case parent == id:
		j.fault(column, code, message)
	case old != nil: // a row that is new has none below it
		j.tree = true
		j.requireField(j.e.askNoCycle(j.m, refs, id, parent), column, code, message, seen)
	}
}

// lock keeps others from moving rows in the trees concerned until the
// transaction ends: two moves, each harmless by itself, could make a cycle
// together.
func (j *judgement) lock(ctx context.Context) error {
	if !j.tree {
		return nil
	}
	return j.e.lockTree(ctx, j.m.Table, exclusive)
}

// lockMode is how a tree is locked.
type lockMode string

const (
	exclusive lockMode = ""
	shared    lockMode = "_shared"
)

// lockTree locks what the rows of a table form together, until the transaction
// ends. Where every transaction is serializable, its own lock does.
func (e *Engine) lockTree(ctx context.Context, table string, mode lockMode) error {
	switch {
	case e.dialect.Has(sqldb.AlwaysSerializable):
		return nil
	case e.dialect.Name() == "mariadb":
		return e.lockRows(ctx, table, mode)
	case e.dialect.Name() != "postgres":
		return joinery.Errorf(joinery.Unsupported, "", "moving rows within a tree needs a lock that "+e.dialect.Name()+" is not asked for yet")
	}
	key := fnv.New64a()
	key.Write([]byte("joinery/perm/tree/" + table))
	_, err := e.db.Exec(ctx, sqldb.Raw("SELECT pg_advisory_xact_lock"+string(mode)+"(?)", int64(key.Sum64())))
	if err != nil {
		return fmt.Errorf("perm: lock the tree of %s: %w", table, err)
	}
	return nil
}

// lockRows locks all rows of a table, in the order of their ids: MariaDB has no
// other locks that end with the transaction. Rows that are added meanwhile do
// no harm, since whoever locks them too waits for those that are locked.
func (e *Engine) lockRows(ctx context.Context, table string, mode lockMode) error {
	how := " FOR UPDATE"
	if mode == shared {
		how = " LOCK IN SHARE MODE"
	}
	_, err := sqldb.Scalar[int64](ctx, e.db, sqldb.Write(sqldb.Raw("SELECT COUNT(*) FROM "+e.dialect.Quote(table)+" FORCE INDEX (PRIMARY)"+how)))
	if err != nil {
		return fmt.Errorf("perm: lock the tree of %s: %w", table, err)
	}
	return nil
}
