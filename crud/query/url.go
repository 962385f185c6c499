package query

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// reserved are the parameters of a list that are no fields.
var reserved = [...]string{"sort", "limit", "after", "before", "include", "fields", "count", "deleted"}

// ParseURL reads a query from the parameters of a URL and checks it against
// the model. The package comment describes the form. Filters of the server's own
// narrow it, as [Query.Within] does. That a cursor belongs to this very list is
// for [Resolve] to say, since the server may narrow the list further. The error
// is of kind Malformed and names each parameter at fault.
func ParseURL(m *registry.Model, v url.Values, within ...Filter) (Query, error) {
	p := urlParser{problems: problems{form: fromURL}, query: Query{form: fromURL}}
	if len(v) > MaxComparisons+len(reserved) {
		p.add("filter", "too_many", "must have at most %d comparisons", MaxComparisons)
		return Query{}, p.err()
	}
	for _, name := range slices.Sorted(maps.Keys(v)) { // in order, for cursors are bound to it
		p.parameter(name, v[name])
	}
	p.query.Filter = allOf(p.filters)
	return checked(m, p.query, p.problems, within)
}

// checked is q if neither parsing nor resolving it finds a problem.
func checked(m *registry.Model, q Query, found problems, within []Filter) (Query, error) {
	for _, f := range within {
		q = q.Within(f)
	}
	_, err := resolve(m, q, true)
	if len(found.list) > 0 {
		if more := problemsOf(err); more != nil {
			found.list = append(found.list, more...)
		}
		err = found.err()
	}
	if err != nil {
		return Query{}, err
	}
	return q, nil
}

// allOf is the filters as one.
func allOf(filters []Filter) Filter {
	switch len(filters) {
	case 0:
		return Filter{}
	case 1:
		return filters[0]
	}
	return Filter{Op: OpAnd, Filters: filters, implicit: true}
}

type urlParser struct {
	problems
	query   Query
	filters []Filter
}

func (p *urlParser) parameter(name string, values []string) {
	if !slices.Contains(reserved[:], name) {
		for _, v := range values {
			p.filters = append(p.filters, leaf(name, v))
		}
		return
	}
	if len(values) != 1 {
		p.add(name, "repeated", "must be given once; lists are separated by commas")
		return
	}
	if values[0] == "" {
		p.add(name, "bad_value", "must not be empty; leave it out for the default")
		return
	}
	p.set(name, values[0])
}

// set sets one of the reserved parameters.
func (p *urlParser) set(name, v string) {
	q := &p.query
	switch name {
	case "sort":
		q.Sort = strings.Split(v, ",")
	case "include":
		q.Include = strings.Split(v, ",")
	case "fields":
		q.Fields = strings.Split(v, ",")
	case "after":
		q.After = v
	case "before":
		q.Before = v
	case "limit":
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			n = -1 // for Resolve to refuse
		}
		q.Limit = n
	case "count":
		q.Count = countMode(v)
	case "deleted":
		q.Deleted = v == "true"
		if v != "true" && v != "false" {
			p.add(name, "bad_value", "must be true or false")
		}
	}
}

// countMode is the mode by its name; one that Resolve refuses for no name.
func countMode(name string) CountMode {
	for _, c := range []CountMode{CountNone, CountCapped, CountExact} {
		if name == c.String() {
			return c
		}
	}
	return CountExact + 1
}

// leaf reads field.operator, or the field alone.
func leaf(name, value string) Filter {
	f := Filter{Field: name, Op: OpEq, Value: value, at: name}
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		if o := Op(name[dot+1:]); o.known() {
			f.Field, f.Op = name[:dot], o
		}
	}
	if f.Op.takesList() {
		f.Value = splitList(value)
	}
	return f
}

// splitList splits at commas but those behind a backslash.
func splitList(s string) []string {
	if !strings.Contains(s, `\`) {
		return strings.Split(s, ",")
	}
	var list []string
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (s[i+1] == ',' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case c == ',':
			list = append(list, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(list, b.String())
}
