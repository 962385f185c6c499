package seed

import (
	"errors"
	"fmt"
	"strings"
)

// Error is what is wrong with one row of a seed, to be found with errors.As. It
// is immutable.
type Error struct {
	Table string // empty where a file is broken as a whole
	File  string // path of the file; empty for rows of For
	Line  int    // in the file, from 1; 0: unknown
	Row   int    // of the seed, from 1; 0: none in particular
	Key   string // the row's key as far as it is known, as email="ada@example.com"
	Field string // the column or field; empty: none in particular
	Err   error
}

// Error says where it is, and what is wrong.
func (e *Error) Error() string {
	return "seed: " + e.place() + ": " + strings.TrimPrefix(e.Err.Error(), "seed: ")
}

func (e *Error) place() string {
	at := e.Table
	if e.File != "" {
		at = e.File
		if e.Line > 0 {
			at += fmt.Sprintf(":%d", e.Line)
		}
	}
	if e.Row > 0 {
		at += fmt.Sprintf(": row %d", e.Row)
	}
	if e.Key != "" {
		at += " (" + e.Key + ")"
	}
	if e.Field != "" {
		at += ": " + e.Field
	}
	return at
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// fail is err as one of the row; an error of another row, which this one needs,
// stays as it is.
func (r *row) fail(field string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Table: r.model.Table, File: r.seed.file, Line: r.lineOf(field), Row: r.n, Key: r.key.text, Field: field, Err: err}
}

// fail is err as one of the seed as a whole.
func (s *Seed) fail(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Table: s.name(), File: s.file, Err: err}
}

// name is the table or type of the seed's rows, for people.
func (s *Seed) name() string {
	if s.typ != nil {
		return s.typ.String()
	}
	return s.table
}
