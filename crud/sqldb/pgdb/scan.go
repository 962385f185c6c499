package pgdb

import (
	"errors"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// column is how destinations of one type are wrapped. pgx reads uuids into
// types it does not know by way of text, and times into the local zone; all
// else it does well by itself.
type column struct {
	of   reflect.Type
	form form
	null bool // what the row that is scanned has there
}

type form uint8

const (
	plain form = iota
	uuidValue
	uuidPointer
	timeValue
	timePointer
)

func (c *column) wrap(dest any) any {
	if t := reflect.TypeOf(dest); t != c.of {
		c.of, c.form = t, formOf(t)
	}
	switch c.form {
	case uuidValue:
		return (*uuidDest)(reflect.ValueOf(dest).UnsafePointer())
	case uuidPointer:
		return uuidPointerDest{(**uuid.UUID)(reflect.ValueOf(dest).UnsafePointer())}
	case timeValue:
		return (*timeDest)(dest.(*time.Time))
	case timePointer:
		return timePointerDest{dest.(**time.Time)}
	}
	return dest
}

var timeType = reflect.TypeFor[time.Time]()

// formOf decides by the type of the destination, a pointer. Every type made of
// 16 bytes is a uuid, since nothing else is kept in such columns.
func formOf(t reflect.Type) form {
	if t == nil || t.Kind() != reflect.Pointer {
		return plain
	}
	switch e := t.Elem(); {
	case e == timeType:
		return timeValue
	case e == reflect.PointerTo(timeType):
		return timePointer
	case isUUID(e):
		return uuidValue
	case e.Kind() == reflect.Pointer && isUUID(e.Elem()):
		return uuidPointer
	}
	return plain
}

func isUUID(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Len() == 16 && t.Elem().Kind() == reflect.Uint8 && t != pgBytes
}

// pgBytes is [16]byte itself, which pgx knows.
var pgBytes = reflect.TypeFor[[16]byte]()

var errNull = errors.New("NULL for a destination that cannot be nil: scan into a pointer to it")

type uuidDest uuid.UUID

// ScanUUID implements pgtype.UUIDScanner.
func (d *uuidDest) ScanUUID(v pgtype.UUID) error {
	if !v.Valid {
		return errNull
	}
	*d = v.Bytes
	return nil
}

// Scan implements sql.Scanner, for uuids in columns of other types.
func (d *uuidDest) Scan(src any) error { return (*uuid.UUID)(d).Scan(src) }

type uuidPointerDest struct{ p **uuid.UUID }

// ScanUUID implements pgtype.UUIDScanner.
func (d uuidPointerDest) ScanUUID(v pgtype.UUID) error {
	if !v.Valid {
		*d.p = nil
		return nil
	}
	id := uuid.UUID(v.Bytes)
	*d.p = &id
	return nil
}

// Scan implements sql.Scanner, for uuids in columns of other types.
func (d uuidPointerDest) Scan(src any) error {
	if src == nil {
		*d.p = nil
		return nil
	}
	var id uuid.UUID
	if err := id.Scan(src); err != nil {
		return err
	}
	*d.p = &id
	return nil
}

type timeDest time.Time

func (d *timeDest) set(t time.Time, valid bool, inf pgtype.InfinityModifier) error {
	switch {
	case !valid:
		return errNull
	case inf != pgtype.Finite:
		return errors.New("an infinite time cannot be read as a time.Time")
	}
	*d = timeDest(t.UTC())
	return nil
}

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (d *timeDest) ScanTimestamptz(v pgtype.Timestamptz) error {
	return d.set(v.Time, v.Valid, v.InfinityModifier)
}

// ScanTimestamp implements pgtype.TimestampScanner.
func (d *timeDest) ScanTimestamp(v pgtype.Timestamp) error {
	return d.set(v.Time, v.Valid, v.InfinityModifier)
}

// ScanDate implements pgtype.DateScanner.
func (d *timeDest) ScanDate(v pgtype.Date) error { return d.set(v.Time, v.Valid, v.InfinityModifier) }

type timePointerDest struct{ p **time.Time }

func (d timePointerDest) set(t time.Time, valid bool, inf pgtype.InfinityModifier) error {
	if !valid {
		*d.p = nil
		return nil
	}
	var at timeDest
	if err := at.set(t, valid, inf); err != nil {
		return err
	}
	*d.p = (*time.Time)(&at)
	return nil
}

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (d timePointerDest) ScanTimestamptz(v pgtype.Timestamptz) error {
	return d.set(v.Time, v.Valid, v.InfinityModifier)
}

// ScanTimestamp implements pgtype.TimestampScanner.
func (d timePointerDest) ScanTimestamp(v pgtype.Timestamp) error {
	return d.set(v.Time, v.Valid, v.InfinityModifier)
}

// ScanDate implements pgtype.DateScanner.
func (d timePointerDest) ScanDate(v pgtype.Date) error {
	return d.set(v.Time, v.Valid, v.InfinityModifier)
}
