package migrate

import (
	"errors"
	"fmt"

	"github.com/joinery-go/joinery"
)

// check is an error of kind Conflict for each thing in a source's history that
// does not fit its migrations. With newer, records of migrations that are not
// known fit.
func (m *Migrator) check(source string, h history, newer bool) error {
	var problems []error
	next := 1
	for i := range h[source] {
		r := &h[source][i]
		for ; next < r.Version; next++ {
			if late, _ := m.find(source, next); late != nil {
				problems = append(problems, conflict("migration_out_of_order", "%s of %s came after %s was applied: give it the next version that is free",
					late.where(&late.up), source, title(r.Version, r.Name)))
			}
		}
		next = r.Version + 1
		if err := m.checkRecord(r, i == len(h[source])-1, newer); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (m *Migrator) checkRecord(r *record, last, newer bool) error {
	one, _ := m.find(r.Source, r.Version)
	switch {
	case one == nil && newer:
		return nil
	case one == nil:
		return m.unknown(r.Source, r)
	case r.half():
		return m.checkHalf(one, r, last)
	case r.Checksum != one.checksum:
		return conflict("migration_changed", "%s of %s was changed after it had been applied: take the change back and make it in a new migration, or accept it by Resolve as applied",
			one.where(&one.up), r.Source)
	}
	return nil
}

// checkHalf tells whether a migration that is half done can go on.
func (m *Migrator) checkHalf(one *migration, r *record, last bool) error {
	s := move{migration: one, down: r.State == goingDn}.script()
	switch {
	case !last:
		return conflict("migration_out_of_order", "%s of %s is half done, and later ones are applied: resolve it", title(r.Version, r.Name), r.Source)
	case r.Statement-1 > s.length() || r.Checksum != prefix(s, r.Statement-1):
		return conflict("migration_changed", "%s of %s is half done, and statements before number %d, where it stands, were changed: take that back, or resolve it",
			one.where(s), r.Source, r.Statement)
	case !r.Resume && !s.mayRepeat(r.Statement):
		return conflict("migration_partial", "%s of %s is half done: it ended at statement %d of %d (%s), and nobody knows whether that one happened. Look, and tell by Resolve where to go on",
			one.where(s), r.Source, r.Statement, s.length(), lineOf(s, r.Statement))
	}
	return nil
}

// prefix is the checksum of the first n statements.
func prefix(s *script, n int) string {
	texts := make([]string, 0, n)
	for i := range min(n, len(s.statements)) {
		texts = append(texts, s.statements[i].text)
	}
	return checksum(texts...)
}

func lineOf(s *script, n int) string {
	if n > len(s.statements) {
		return "a step in Go"
	}
	return fmt.Sprintf("line %d", s.statements[n-1].line)
}

func (m *Migrator) unknown(source string, r *record) error {
	by := r.AppVersion
	if by == "" {
		by = "another version"
	}
	return conflict("migration_unknown", "%s of %s was applied to this database by %s of the app and is not known here: this program is older than its database", title(r.Version, r.Name), source, by)
}

func conflict(code, format string, args ...any) error {
	return joinery.Errorf(joinery.Conflict, code, fmt.Sprintf(format, args...))
}
