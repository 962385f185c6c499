package sqldb

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/georgysavva/scany/v2/dbscan"
)

// Select is the rows of an app's own statement, each as a T, in order; nil when
// there are none. T is a struct. For one column of a plain type use [Column].
//
// A field is filled from the column of its name: what its tag db says, else its
// json tag, else the field's name in snake_case, which are the columns that a
// registry gives an entity. Fields of embedded structs count as T's own. A
// struct or a pointer to one, which may be a relation of an entity, is filled
// from columns named with its name before theirs, as in
//
//	SELECT n.id, n.title, p.title AS "project.title" FROM notes n …
//
// or, if it is no relation, as a whole from a JSON column. Every column needs a
// field, and every field of T's own a column, unless it is a relation or tagged
// db:"-"; the error names those that lack theirs. Values are converted as by
// [Rows]; NULL goes into pointers, and into fields that tell null from absent
// (crud.Opt).
func Select[T any](ctx context.Context, db *DB, stmt Sqlizer) ([]T, error) {
	s, err := selectInto(ctx, db, stmt, reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	defer s.rows.Close()
	var all []T
	for s.rows.Next() {
		var x T
		if err := s.scan(reflect.ValueOf(&x).Elem()); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, s.rows.Err()
}

// Get is the first row of an app's own statement as a T; found is false, and T
// zero, when there is none. Further rows are not read. T is as for [Select].
func Get[T any](ctx context.Context, db *DB, stmt Sqlizer) (x T, found bool, err error) {
	s, err := selectInto(ctx, db, stmt, reflect.TypeFor[T]())
	if err != nil {
		return x, false, err
	}
	defer s.rows.Close()
	if !s.rows.Next() {
		return x, false, s.rows.Err()
	}
	var row T
	if err := s.scan(reflect.ValueOf(&row).Elem()); err != nil {
		return x, false, err
	}
	s.rows.Close()
	if err := s.rows.Err(); err != nil {
		return x, false, err
	}
	return row, true, nil
}

// selection is the result of one Select. scany scans it, into a struct of
// pointers to T's fields instead of T itself: scany would follow relations that
// lead back to their beginning for ever, and knows neither json tags nor
// optional fields.
type selection struct {
	rows    Rows
	plan    *selectPlan
	scanner *dbscan.RowScanner
	cells   reflect.Value
}

func selectInto(ctx context.Context, db *DB, stmt Sqlizer, t reflect.Type) (*selection, error) {
	if t.Kind() != reflect.Struct || insideOf(t) == nil {
		return nil, fmt.Errorf("sqldb: select into %s: want a struct with a field for each column; for one column of a plain type use Column, Row or Scalar", t)
	}
	rows, err := db.Query(ctx, stmt)
	if err != nil {
		return nil, err
	}
	s := &selection{rows: rows, scanner: dbscan.NewRowScanner(cellRows{rows})}
	columns, err := rows.Columns()
	if err == nil {
		s.plan, err = db.selectPlan(t, columns)
	}
	if err != nil {
		rows.Close()
		return nil, err
	}
	s.cells = reflect.New(s.plan.cells).Elem()
	return s, nil
}

// scan reads the row into x, which is a zero T.
func (s *selection) scan(x reflect.Value) error {
	for i, f := range s.plan.columns {
		s.cells.Field(i).Set(reflect.ValueOf(f.dest(x)))
	}
	if err := s.scanner.Scan(s.cells.Addr().Interface()); err != nil {
		return s.blame(err)
	}
	for i, f := range s.plan.columns {
		f.settle(x, s.cells.Field(i).Interface())
	}
	return nil
}

// blame names the column that cannot be read, and its field.
func (s *selection) blame(err error) error {
	var at *ScanError
	if !errors.As(err, &at) || at.Column < 0 || at.Column >= len(s.plan.columns) {
		return fmt.Errorf("sqldb: select into %s: %w", s.plan.of, err)
	}
	f := s.plan.columns[at.Column]
	if at.Null {
		return fmt.Errorf("sqldb: select into %s: column %q is null, which field %s of type %s cannot be: a pointer or a crud.Opt takes null: %w", s.plan.of, s.plan.names[at.Column], f.name, f.of, at.Err)
	}
	return fmt.Errorf("sqldb: select into %s: column %q does not fit field %s of type %s: %w", s.plan.of, s.plan.names[at.Column], f.name, f.of, at.Err)
}

// cellRows are Rows for scany, which gives pointers to cells; where a value
// goes is in the cell.
type cellRows struct{ Rows }

// Scan implements dbscan.Rows.
func (r cellRows) Scan(cells ...any) error {
	dest := make([]any, len(cells))
	for i, cell := range cells {
		dest[i] = *cell.(*any)
	}
	return r.Rows.Scan(dest...)
}

// NextResultSet implements dbscan.Rows.
func (r cellRows) NextResultSet() bool { return false }
