package crud

import (
	"context"
	"errors"
	"strconv"
	"unsafe"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// batchRows is how many rows one INSERT writes at most.
const batchRows = 500

// placing is on what a single row is written: that Access allows it, and that
// what it refers to is live.
type placing struct {
	allowed squirrel.Sqlizer   // nil: nothing is asked
	held    []*registry.Column // its references that must name live rows
	instead bool               // it takes the place of a deleted row with its id
}

func (on placing) conditional() bool { return on.allowed != nil || len(on.held) > 0 }

// insert writes the rows and reads them back as the database keeps them. Where
// a condition does not hold, nothing is written and written is false.
func (c *core) insert(ctx context.Context, rows []unsafe.Pointer, on placing) (written bool, err error) {
	if c.replaces() {
		return c.replace(ctx, rows, on)
	}
	size := min(batchRows, max(1, c.dialect.MaxParams()/len(c.columns)))
	for len(rows) > 0 {
		n := min(size, len(rows))
		if written, err = c.insertSome(ctx, rows[:n], on); err != nil || !written {
			return written, err
		}
		rows = rows[n:]
	}
	return true, nil
}

// insertAll is insert; for a batch as a savepoint, so that the rows can be
// looked at when it is refused.
func (c *core) insertAll(ctx context.Context, rows []unsafe.Pointer, on placing, many bool) (written bool, err error) {
	if !many {
		return c.insert(ctx, rows, on)
	}
	err = sqldb.InTx(ctx, c.db, func(ctx context.Context) (err error) {
		written, err = c.insert(ctx, rows, on)
		return err
	})
	return written, err
}

func (c *core) insertSome(ctx context.Context, rows []unsafe.Pointer, on placing) (written bool, err error) {
	p := newParams(opInsert, strconv.Itoa(len(rows))+placingKey(on))
	for _, row := range rows {
		for _, col := range c.columns {
			p.add(value(col, row))
		}
	}
	for _, col := range on.held {
		p.add(c.named(rows[0], col))
	}
	if on.allowed != nil {
		if err := p.condition(on.allowed); err != nil {
			return false, err
		}
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer { return c.insertSQL(len(rows), on, s) })
	if err != nil {
		return false, err
	}
	if !c.dialect.Has(sqldb.ReturningInsert) {
		n, err := c.db.Exec(ctx, stmt)
		return n > 0, err
	}
	scanner, i := c.scanner(c.columns), 0
	err = c.each(ctx, stmt, func(result sqldb.Rows) error {
		row := rows[i]
		id := c.id(row)
		i++
		if err := scanner.scan(result, row); err != nil || c.id(row) == id {
			return err
		}
		return errors.New("crud: the database returned the rows of an insert in another order") // none does, none promises it
	})
	return i > 0, err
}

// placingKey is the part of a shape that tells on what a row is written.
func placingKey(on placing) string {
	key := ""
	if on.instead {
		key = "r"
	}
	for _, col := range on.held {
		key += "," + col.Name
	}
	return key
}

// insertSQL is an INSERT of n rows, or of one row if its conditions hold.
func (c *core) insertSQL(n int, on placing, s *slots) squirrel.Sqlizer {
	insert := squirrel.Insert(c.table()).Columns(c.names(c.columns, "")...)
	for range n {
		row := make([]any, len(c.columns))
		for i := range row {
			row[i] = s.next()
		}
		if on.conditional() {
			insert = insert.Select(c.placed(selectValues(row), on, s))
		} else {
			insert = insert.Values(row...)
		}
	}
	if on.instead {
		insert = insert.Suffix(c.inPlaceOfDeleted())
	}
	return withReturning(c, insert, sqldb.ReturningInsert)
}

// placed is a row's values where its conditions hold.
func (c *core) placed(values squirrel.SelectBuilder, on placing, s *slots) squirrel.SelectBuilder {
	for _, col := range on.held {
		values = values.Where(c.liveAt(col, s.next()))
	}
	if on.allowed != nil {
		values = values.Where(s.condition())
	}
	return values
}

// selectValues is SELECT ?, ?, … without a table.
func selectValues(row []any) squirrel.SelectBuilder {
	list := squirrel.Select()
	for _, v := range row {
		list = list.Column(squirrel.Expr("?", v))
	}
	return list
}
