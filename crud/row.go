package crud

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// newRow is the address of a new zero row.
func (c *core) newRow() unsafe.Pointer { return reflect.New(c.model.Type).UnsafePointer() }

// rowAt is the row at p for Access.
func (c *core) rowAt(p unsafe.Pointer) registry.Row {
	return c.model.RowAt(p)
}

// id is the id of the row at p.
func (c *core) id(p unsafe.Pointer) uuid.UUID {
	id, _ := c.model.ID.Value(p).(uuid.UUID)
	return id
}

// version is the version of the row at p, 0 where the model has none.
func (c *core) version(p unsafe.Pointer) int64 {
	if c.model.Version == nil {
		return 0
	}
	v, _ := c.model.Version.Value(p).(int64)
	return v
}

func (c *core) versionOrAny(p unsafe.Pointer) int64 {
	if v := c.version(p); v != 0 {
		return v
	}
	return query.AnyVersion
}

func (c *core) deleted(p unsafe.Pointer) bool {
	return c.model.DeletedAt != nil && !c.model.DeletedAt.Zero(p)
}

// joins reports whether a write made with ctx joins a transaction. It is a
// savepoint there: on every database, what a refused write did is undone and
// the transaction can go on.
func (c *core) joins(ctx context.Context) bool { return sqldb.InTransaction(ctx, c.db) }

// inTx runs fn in a transaction, the ctx's if there is one. Without hooks fn
// has no effects outside the database and may be run again after a conflict
// with another transaction.
func (c *core) inTx(ctx context.Context, hooked bool, fn func(ctx context.Context) error) error {
	if hooked {
		return sqldb.InTx(ctx, c.db, fn)
	}
	return sqldb.InTx(ctx, c.db, fn, sqldb.Repeatable)
}

// committed queues what follows the commit of a change: its hooks, then the
// feed, unless the change was skipped.
func (c *core) committed(ctx context.Context, hooks func(context.Context), skipped bool, o query.Operation, row unsafe.Pointer) {
	changed := query.Changed{Model: c.model.Table, Op: o, ID: c.id(row), Version: c.version(row)}
	sqldb.AfterCommit(ctx, c.db, func(ctx context.Context) {
		c.memory.forget(changed.ID)
		hooks(ctx)
		if !skipped {
			c.feed.publish(changed)
		}
	})
}

// validateSent checks the row against the rules on T, as far as the sent
// fields and those that a rule across fields ties to them go.
func (c *core) validateSent(row any, sent []*registry.Column) []joinery.FieldError {
	names := make([]string, len(sent))
	for i, col := range sent {
		if len(c.ties[col.JSON]) > 0 {
			return c.concerning(c.validator.Struct(row), sent)
		}
		names[i] = col.Field
	}
	return c.concerning(c.validator.Fields(row, names), sent)
}

// concerning are the problems of the sent fields, and of those tied to them.
func (c *core) concerning(problems []joinery.FieldError, sent []*registry.Column) (kept []joinery.FieldError) {
	for _, f := range problems {
		if c.concerns(f.Pointer, sent) {
			kept = append(kept, f)
		}
	}
	return kept
}

// concerns reports whether a pointer lies in one of the sent fields, or in one
// tied to them.
func (c *core) concerns(pointer string, sent []*registry.Column) bool {
	for _, col := range sent {
		if inField(pointer, col.JSON) {
			return true
		}
		for _, tied := range c.ties[col.JSON] {
			if inField(pointer, tied) {
				return true
			}
		}
	}
	return false
}

// inField reports whether a JSON pointer is the field or lies in it.
func inField(pointer, field string) bool {
	at := "/" + field
	return pointer == at || len(pointer) > len(at) && pointer[:len(at)] == at && pointer[len(at)] == '/'
}

// unique keeps the first of what is said of each field.
func unique(fields []joinery.FieldError) []joinery.FieldError {
	seen := map[string]bool{}
	kept := fields[:0]
	for _, f := range fields {
		if !seen[f.Pointer] {
			kept = append(kept, f)
		}
		seen[f.Pointer] = true
	}
	return kept
}
