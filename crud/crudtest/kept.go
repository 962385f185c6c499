package crudtest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// kept is a value of the column as it is once a database has kept it: a decimal
// with all its digits after the point, JSON as the text of what it says. A
// value that cannot be kept so is left as it is.
func kept(c *registry.Column, v any) any {
	if v == nil {
		return nil
	}
	switch c.Kind {
	case registry.Decimal:
		n, ok := new(big.Rat).SetString(fmt.Sprint(v))
		if !ok {
			return v
		}
		_, scale := c.Decimals()
		return n.FloatString(scale)
	case registry.JSON:
		if text, ok := keptJSON(c.Base(), v); ok {
			return text
		}
	}
	return v
}

// keptJSON is v, once it was read into a value of the column's type, as JSON
// with sorted names: numbers are alike however Go holds them.
func keptJSON(t reflect.Type, v any) (string, bool) {
	column := reflect.New(t).Interface()
	var plain any
	for _, into := range []any{column, &plain} {
		text, err := json.Marshal(v)
		if err != nil || json.Unmarshal(text, into) != nil {
			return "", false
		}
		v = into
	}
	text, err := json.Marshal(plain)
	return string(text), err == nil
}

// varied ends the test when the rows are alike in all that can be filtered and
// sorted by, though the input has some of it: whatever is found among such rows
// proves nothing.
func (s *suite[T, C, U]) varied(rows []T) {
	s.Helper()
	var alike []string
	sent := false
	for _, c := range s.model.Columns {
		if !s.telling(c) {
			continue
		}
		for _, row := range rows[1:] {
			if !same(s.of(row).Value(c.Name), s.of(rows[0]).Value(c.Name)) {
				return
			}
		}
		alike = append(alike, c.JSON)
		sent = sent || s.isSent(c)
	}
	if sent {
		s.Fatalf("the rows that Create makes of n = 1 to %d are all alike in %s: let Create use n, for search and sort prove nothing with such rows", s.made, strings.Join(alike, ", "))
	}
}

// telling tells whether rows can be told apart by the column, which is none of
// those that every row gets.
func (s *suite[T, C, U]) telling(c *registry.Column) bool {
	m := s.model
	given := []*registry.Column{m.ID, m.Version, m.CreatedAt, m.CreatedBy, m.UpdatedAt, m.UpdatedBy, m.DeletedAt, m.DeletedBy, m.Owner, m.Team}
	return c.Visible() && c.Kind != registry.JSON && c.Kind != registry.Bytes && !slices.Contains(given, c)
}

func (s *suite[T, C, U]) isSent(c *registry.Column) bool {
	return slices.ContainsFunc(s.model.Create.Fields, func(f *registry.FormField) bool { return f.Column == c })
}
