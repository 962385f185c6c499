package stdsql

import (
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// rows scans what database/sql does not know: times in their several forms,
// and JSON into any Go type.
type rows struct {
	*sql.Rows
	conn    *sql.Conn // closed with the rows; may be nil
	columns []column
	dest    []any
}

func (r *rows) Close() error {
	err := r.Rows.Close()
	if r.conn != nil {
		_ = r.conn.Close()
		r.conn = nil
	}
	return err
}

// Scan wraps the destinations that need it; which ones is found out once per
// column.
func (r *rows) Scan(dest ...any) error {
	if len(r.columns) != len(dest) {
		r.columns, r.dest = make([]column, len(dest)), make([]any, len(dest))
	}
	for i, d := range dest {
		r.dest[i] = r.columns[i].wrap(d)
	}
	if err := r.Rows.Scan(r.dest...); err != nil {
		return r.blame(err)
	}
	return nil
}

// blame finds the column that does not fit, which database/sql tells in text
// only, by scanning each alone.
func (r *rows) blame(err error) error {
	for i := range r.dest {
		alone := make([]any, len(r.dest))
		for j := range alone {
			alone[j] = new(any)
		}
		alone[i] = r.dest[i]
		if err := r.Rows.Scan(alone...); err != nil {
			return &sqldb.ScanError{Column: i, Err: cause(err), Null: r.null(i)}
		}
	}
	return err
}

// null reports whether the row's value in the column is NULL.
func (r *rows) null(column int) bool {
	values, dest := make([]any, len(r.dest)), make([]any, len(r.dest))
	for i := range dest {
		dest[i] = &values[i]
	}
	return r.Rows.Scan(dest...) == nil && values[column] == nil
}

// cause is the error without the place that database/sql puts before it.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

// column is how destinations of one type are wrapped.
type column struct {
	of   reflect.Type
	form form
}

type form uint8

const (
	plain form = iota
	timeValue
	timePointer
	uuidValue
	bytesValue
	rawJSON
	anyJSON
)

func (c *column) wrap(dest any) any {
	if t := reflect.TypeOf(dest); t != c.of {
		c.of, c.form = t, formOf(t)
	}
	switch c.form {
	case timeValue:
		return (*timeDest)(dest.(*time.Time))
	case timePointer:
		return timePointerDest{dest.(**time.Time)}
	case uuidValue:
		return (*uuidDest)(reflect.ValueOf(dest).UnsafePointer())
	case bytesValue:
		return (*bytesDest)(dest.(*[]byte))
	case rawJSON:
		return (*rawDest)(dest.(*json.RawMessage))
	case anyJSON:
		return &jsonDest{dest}
	}
	return dest
}

var (
	scannerType = reflect.TypeFor[sql.Scanner]()
	timeType    = reflect.TypeFor[time.Time]()
	bytesType   = reflect.TypeFor[[]byte]()
	rawType     = reflect.TypeFor[json.RawMessage]()
	rawBytes    = reflect.TypeFor[sql.RawBytes]()
)

// formOf decides by the type of the destination, a pointer.
func formOf(t reflect.Type) form {
	if t == nil || t.Kind() != reflect.Pointer {
		return plain
	}
	switch e := t.Elem(); {
	case e.Kind() == reflect.Array && e.Len() == 16 && e.Elem().Kind() == reflect.Uint8:
		return uuidValue
	case t.Implements(scannerType):
		return plain
	case e == bytesType:
		return bytesValue
	case e == timeType:
		return timeValue
	case e == reflect.PointerTo(timeType):
		return timePointer
	case e == rawType:
		return rawJSON
	case e.Kind() == reflect.Pointer && !e.Implements(scannerType) && isJSON(e.Elem()):
		return anyJSON
	case isJSON(e):
		return anyJSON
	}
	return plain
}

// isJSON reports whether values of t are kept as JSON text.
func isJSON(t reflect.Type) bool {
	if reflect.PointerTo(t).Implements(scannerType) || t == timeType || t == rawBytes {
		return false
	}
	switch t.Kind() {
	case reflect.Map, reflect.Struct, reflect.Array:
		return true
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8 || t == rawType
	}
	return false
}
