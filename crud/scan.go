package crud

import (
	"context"
	"strconv"
	"strings"
	"unsafe"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// scanner reads rows into structs by column. It reuses its list of
// destinations and belongs to one call.
type scanner struct {
	core    *core
	columns []*registry.Column
	extra   []any // destinations of what the statement selects besides, in front of the columns
	dests   []any
}

func (c *core) scanner(columns []*registry.Column, extra ...any) *scanner {
	return &scanner{core: c, columns: columns, extra: extra, dests: make([]any, 0, len(extra)+len(columns))}
}

// scan reads the current row into the struct at p.
func (s *scanner) scan(rows sqldb.Rows, p unsafe.Pointer) error {
	s.dests = append(s.dests[:0], s.extra...)
	for _, col := range s.columns {
		s.dests = append(s.dests, col.Pointer(p))
	}
	if err := rows.Scan(s.dests...); err != nil {
		return err
	}
	for _, col := range s.columns {
		if col.Kind == registry.Decimal {
			if err := pad(col, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// pad writes a decimal with all the places that its column has, and without an
// exponent: SQLite keeps a number, which says neither.
func pad(col *registry.Column, p unsafe.Pointer) error {
	text, ok := col.Value(p).(string)
	if !ok {
		return nil
	}
	_, scale := col.Decimals()
	if strings.ContainsAny(text, "eE") {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return col.SetValue(p, strconv.FormatFloat(f, 'f', scale, 64))
		}
	}
	_, places, _ := strings.Cut(text, ".")
	missing := scale - len(places)
	if missing <= 0 {
		return nil
	}
	if places == "" {
		text += "."
	}
	return col.SetValue(p, text+strings.Repeat("0", missing))
}

// readAll runs a statement that selects all columns, and is its rows.
func (c *core) readAll(ctx context.Context, stmt sqldb.Sqlizer) (list []unsafe.Pointer, err error) {
	scanner := c.scanner(c.columns)
	err = c.each(ctx, stmt, func(rows sqldb.Rows) error {
		p := c.newRow()
		list = append(list, p)
		return scanner.scan(rows, p)
	})
	return list, err
}

// names are the columns under an alias, for SELECT and RETURNING.
func (c *core) names(columns []*registry.Column, alias string) []string {
	names := make([]string, len(columns))
	for i, col := range columns {
		if names[i] = c.quote(col); alias != "" {
			names[i] = alias + "." + names[i]
		}
	}
	return names
}

// each runs a statement and calls row for each row of its answer.
func (c *core) each(ctx context.Context, stmt sqldb.Sqlizer, row func(rows sqldb.Rows) error) (err error) {
	rows, err := c.db.Query(ctx, stmt)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
