package stdsql

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
)

type uuidDest uuid.UUID

// Scan implements sql.Scanner. uuid's own takes NULL for "leave it as it is".
func (d *uuidDest) Scan(src any) error {
	if src == nil {
		return errors.New("NULL for a uuid that cannot be nil: scan into a pointer to it")
	}
	return (*uuid.UUID)(d).Scan(src)
}

type bytesDest []byte

// Scan implements sql.Scanner. Drivers give no bytes as a nil slice, which is
// not the same as NULL.
func (d *bytesDest) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = nil
	case []byte:
		*d = append(make(bytesDest, 0, len(v)), v...)
	case string:
		*d = bytesDest(v)
	default:
		return fmt.Errorf("sqldb: a %T cannot be read as bytes", src)
	}
	return nil
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
	if strings.Trim(s, "0123456789") == "" {
		return time.Time{}, fmt.Errorf("sqldb: %q cannot be read as a time: it was written as an integer into a column of type TEXT, declare it INTEGER", s)
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
