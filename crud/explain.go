package crud

import (
	"context"
	"errors"
	"slices"
	"unsafe"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// explain turns a constraint's refusal of a write into what the caller can act
// on; other errors stay as they are.
func (c *core) explain(ctx context.Context, err error, rows []unsafe.Pointer) error {
	var e *sqldb.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Class {
	case sqldb.Unique:
		return &joinery.Error{
			Kind: joinery.Conflict, Code: "taken", Err: err, Message: "another row has the same value",
			Fields: fieldsOf(c.uniqueColumns(e), "taken", "is taken"),
		}
	case sqldb.ForeignKey:
		return &joinery.Error{
			Kind: joinery.Invalid, Err: err, Message: "a row referred to does not exist",
			Fields: fieldsOf(c.missingReferences(ctx, e, rows), "not_found", "not found"),
		}
	case sqldb.NotNull:
		return &joinery.Error{
			Kind: joinery.Invalid, Err: err, Message: "some fields are not right",
			Fields: fieldsOf(c.columnsNamed(e.Columns), "not_null", "may not be null"),
		}
	case sqldb.Check:
		return &joinery.Error{
			Kind: joinery.Invalid, Err: err, Message: "some values are not allowed",
			Fields: fieldsOf(c.columnsNamed(e.Columns), "not_allowed", "is not allowed"),
		}
	}
	return err
}

// refused explains a constraint's refusal of an insert. Of a batch it names
// the row: each is tried by itself, in the transaction that is given up anyway.
func (c *core) refused(ctx context.Context, err error, rows []unsafe.Pointer, many bool) error {
	var e *sqldb.Error
	if !many || !errors.As(err, &e) || !constrains(e.Class) {
		return c.explain(ctx, err, rows)
	}
	for i, row := range rows {
		one := rows[i : i+1]
		err := sqldb.InTx(ctx, c.db, func(ctx context.Context) error {
			_, err := c.insert(ctx, one, placing{})
			return err
		})
		if err != nil {
			v := verdicts{many: true}
			v.add(i, c.explain(ctx, err, []unsafe.Pointer{row}))
			return v.answer()
		}
	}
	return c.explain(ctx, err, rows)
}

func constrains(class sqldb.Class) bool {
	return class == sqldb.Unique || class == sqldb.ForeignKey || class == sqldb.NotNull || class == sqldb.Check
}

func fieldsOf(columns []*registry.Column, code, message string) []joinery.FieldError {
	var fields []joinery.FieldError
	for _, col := range columns {
		if col.JSON != "" {
			fields = append(fields, joinery.FieldError{Pointer: "/" + col.JSON, Code: code, Message: message})
		}
	}
	return fields
}

func (c *core) columnsNamed(names []string) []*registry.Column {
	var columns []*registry.Column
	for _, name := range names {
		if col := c.model.Column(name); col != nil {
			columns = append(columns, col)
		}
	}
	return columns
}

// uniqueColumns are the columns of the key that a row collided with: as the
// database tells them, or by the key's name.
func (c *core) uniqueColumns(e *sqldb.Error) []*registry.Column {
	if len(e.Columns) > 0 {
		return c.columnsNamed(e.Columns)
	}
	if e.Constraint == registry.PrimaryKeyName(c.model) || e.Constraint == "PRIMARY" { // MariaDB's name for all of them
		return []*registry.Column{c.model.ID}
	}
	for _, index := range c.reg.Indexes(c.model) {
		if index.Unique && index.Name == e.Constraint {
			return columnsOf(index.Columns)
		}
	}
	return nil
}

// missingReferences are the references that name no row: by the constraint's
// name where the database tells it, else by looking.
func (c *core) missingReferences(ctx context.Context, e *sqldb.Error, rows []unsafe.Pointer) []*registry.Column {
	var missing []*registry.Column
	for _, col := range c.columns {
		if col.Ref == nil || col.Ref.Target == nil {
			continue
		}
		if e.Constraint != "" && slices.Contains(e.Columns, col.Name) || e.Constraint == registry.ForeignKeyName(col) {
			return []*registry.Column{col}
		}
		if e.Constraint == "" && c.dangling(ctx, col, rows) {
			missing = append(missing, col)
		}
	}
	return missing
}

// danglingAmong are those of the references that name no row.
func (c *core) danglingAmong(ctx context.Context, columns []*registry.Column, rows []unsafe.Pointer) (dangling []*registry.Column) {
	for _, col := range columns {
		if c.dangling(ctx, col, rows) {
			dangling = append(dangling, col)
		}
	}
	return dangling
}

// dangling reports whether a row's reference by col names no row.
func (c *core) dangling(ctx context.Context, col *registry.Column, rows []unsafe.Pointer) bool {
	target := c.hub.core(col.Ref.Target, c)
	for _, p := range rows {
		id := value(col, p)
		if id == nil {
			continue
		}
		var one int64
		found, err := sqldb.Row(onPrimary(ctx), c.db, squirrel.Select("1").From(target.table()).Where(target.quote(target.model.ID)+" = ?", id), &one)
		if err == nil && !found {
			return true
		}
	}
	return false
}

func columnsOf(keys []registry.SortKey) []*registry.Column {
	columns := make([]*registry.Column, len(keys))
	for i, k := range keys {
		columns[i] = k.Column
	}
	return columns
}
