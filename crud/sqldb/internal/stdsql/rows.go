package stdsql

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
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
	return r.Rows.Scan(r.dest...)
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
	rawType     = reflect.TypeFor[json.RawMessage]()
	rawBytes    = reflect.TypeFor[sql.RawBytes]()
)

// formOf decides by the type of the destination, a pointer.
func formOf(t reflect.Type) form {
	if t == nil || t.Kind() != reflect.Pointer || t.Implements(scannerType) {
		return plain
	}
	switch e := t.Elem(); {
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

type timeDest time.Time

// Scan implements sql.Scanner.
func (d *timeDest) Scan(src any) error {
	t, err := readTime(src)
	if err == nil {
		*d = timeDest(t)
	}
	return err
}

type timePointerDest struct{ p **time.Time }

// Scan implements sql.Scanner.
func (d timePointerDest) Scan(src any) error {
	if src == nil {
		*d.p = nil
		return nil
	}
	t, err := readTime(src)
	if err == nil {
		*d.p = &t
	}
	return err
}

// layouts are the text forms in which other programs leave times in SQLite.
var layouts = [...]string{
	time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999", "2006-01-02",
}

func readTime(src any) (time.Time, error) {
	switch v := src.(type) {
	case time.Time:
		return v.UTC(), nil
	case int64:
		return time.UnixMicro(v).UTC(), nil
	case []byte:
		return parseTime(string(v))
	case string:
		return parseTime(v)
	}
	return time.Time{}, fmt.Errorf("sqldb: a %T cannot be read as a time", src)
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("sqldb: %q cannot be read as a time", s)
}

type rawDest json.RawMessage

// Scan implements sql.Scanner.
func (d *rawDest) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = nil
	case string:
		*d = rawDest(v)
	case []byte:
		*d = append(rawDest{}, v...)
	default:
		return json.Unmarshal(fmt.Append(nil, v), (*json.RawMessage)(d))
	}
	return nil
}

type jsonDest struct{ p any }

// Scan implements sql.Scanner.
func (d *jsonDest) Scan(src any) error {
	reflect.ValueOf(d.p).Elem().SetZero() // Unmarshal would merge into what is there
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), d.p)
	case []byte:
		return json.Unmarshal(v, d.p)
	}
	return json.Unmarshal(fmt.Append(nil, src), d.p)
}
