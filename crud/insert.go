package crud

import (
	"context"
	"errors"
	"strconv"
	"unsafe"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// batchRows is how many rows one INSERT writes at most.
const batchRows = 500

// insert writes the rows and reads them back as the database keeps them. A
// condition is for a single row: where it does not hold, nothing is written
// and written is false.
func (c *core) insert(ctx context.Context, rows []unsafe.Pointer, condition squirrel.Sqlizer) (written bool, err error) {
	size := min(batchRows, max(1, c.dialect.MaxParams()/len(c.columns)))
	for len(rows) > 0 {
		n := min(size, len(rows))
		if written, err = c.insertSome(ctx, rows[:n], condition); err != nil || !written {
			return written, err
		}
		rows = rows[n:]
	}
	return true, nil
}

// insertAll is insert; for a batch as a savepoint, so that the rows can be
// looked at when it is refused.
func (c *core) insertAll(ctx context.Context, rows []unsafe.Pointer, condition squirrel.Sqlizer, many bool) (written bool, err error) {
	if !many {
		return c.insert(ctx, rows, condition)
	}
	err = sqldb.InTx(ctx, c.db, func(ctx context.Context) (err error) {
		written, err = c.insert(ctx, rows, condition)
		return err
	})
	return written, err
}

func (c *core) insertSome(ctx context.Context, rows []unsafe.Pointer, condition squirrel.Sqlizer) (written bool, err error) {
	p := newParams(opInsert, strconv.Itoa(len(rows)))
	for _, row := range rows {
		for _, col := range c.columns {
			p.add(value(col, row))
		}
	}
	if condition != nil {
		if err := p.condition(condition); err != nil {
			return false, err
		}
	}
	stmt, err := c.statement(p, func(s *slots) squirrel.Sqlizer { return c.insertSQL(len(rows), condition != nil, s) })
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

// insertSQL is an INSERT of n rows, or of one row if a condition holds.
func (c *core) insertSQL(n int, conditional bool, s *slots) squirrel.Sqlizer {
	insert := squirrel.Insert(c.table()).Columns(c.names(c.columns, "")...)
	for range n {
		row := make([]any, len(c.columns))
		for i := range row {
			row[i] = s.next()
		}
		if conditional {
			insert = insert.Select(selectValues(row).Where(s.condition()))
		} else {
			insert = insert.Values(row...)
		}
	}
	return withReturning(c, insert, sqldb.ReturningInsert)
}

// selectValues is SELECT ?, ?, … without a table.
func selectValues(row []any) squirrel.SelectBuilder {
	list := squirrel.Select()
	for _, v := range row {
		list = list.Column(squirrel.Expr("?", v))
	}
	return list
}
