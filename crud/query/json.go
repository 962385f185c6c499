package query

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/internal/strictjson"
	"github.com/joinery-go/joinery/registry"
)

// ParseJSON reads a query from the body of a search and checks it against the
// model. The package comment describes the form. Filters of the server's own
// narrow it, as in [ParseURL]. The error is of kind Malformed and names each
// place at fault by its JSON pointer.
func ParseJSON(m *registry.Model, data []byte, within ...Filter) (Query, error) {
	body, found := strictjson.Parse(data, strictjson.Limits{})
	p := jsonParser{problems: problems{form: fromJSON, list: found}, query: Query{form: fromJSON}}
	if len(found) > 0 {
		return Query{}, p.err()
	}
	if body.Kind() != strictjson.Object {
		p.list = []joinery.FieldError{{Code: "wrong_type", Message: "must be an object, not " + body.Kind().String()}}
		return Query{}, p.err()
	}
	for name, v := range body.Members() {
		p.member(name, v)
	}
	return checked(m, p.query, p.problems, within)
}

type jsonParser struct {
	problems
	query Query
}

func (p *jsonParser) member(name string, v strictjson.Value) {
	q := &p.query
	switch name {
	case "filter":
		q.Filter = p.filter(v, name)
	case "sort":
		q.Sort = p.names(name, v)
	case "include":
		q.Include = p.names(name, v)
	case "fields":
		q.Fields = p.names(name, v)
	case "after":
		q.After = p.cursor(name, v)
	case "before":
		q.Before = p.cursor(name, v)
	case "limit":
		n, err := strconv.Atoi(string(v.Raw()))
		if err != nil || n < 1 {
			n = -1 // for Resolve to refuse
		}
		q.Limit = n
	case "count":
		if p.is(name, v, strictjson.String) {
			q.Count = countMode(v.Text())
		}
	case "deleted":
		q.Deleted = p.is(name, v, strictjson.Bool) && v.Bool()
	default:
		p.add(token(name), "unknown_field", "is no part of a query; known are filter, %s", listing(reserved[:]))
	}
}

// is reports whether v is of the kind, and complains if not.
func (p *jsonParser) is(at string, v strictjson.Value, k strictjson.Kind) bool {
	if v.Kind() == k {
		return true
	}
	p.add(at, "wrong_type", "must be %s, not %s", k, v.Kind())
	return false
}

func (p *jsonParser) cursor(at string, v strictjson.Value) string {
	if !p.is(at, v, strictjson.String) {
		return ""
	}
	if v.Text() == "" {
		p.add(at, "bad_cursor", damaged)
	}
	return v.Text()
}

// names reads a list of strings.
func (p *jsonParser) names(at string, v strictjson.Value) []string {
	if !p.is(at, v, strictjson.Array) {
		return nil
	}
	var names []string
	for i, e := range v.Elements() {
		if p.is(at+"/"+strconv.Itoa(i), e, strictjson.String) {
			names = append(names, e.Text())
		}
	}
	return names
}

// filter reads an object all of whose entries must hold. They are taken in the
// order of their names, for cursors are bound to it and the writer's order
// means nothing.
func (p *jsonParser) filter(v strictjson.Value, at string) Filter {
	if !p.is(at, v, strictjson.Object) {
		return Filter{}
	}
	type entry struct {
		name  string
		value strictjson.Value
	}
	var entries []entry
	for name, e := range v.Members() {
		entries = append(entries, entry{name, e})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	var all []Filter
	for _, e := range entries {
		in := at + "/" + token(e.name)
		switch Op(e.name) {
		case OpAnd, OpOr:
			all = append(all, Filter{Op: Op(e.name), Filters: p.alternatives(e.value, in)})
		case OpNot:
			all = append(all, Not(p.some(e.value, in)))
		default:
			all = append(all, p.field(e.name, e.value, in)...)
		}
	}
	return allOf(all)
}

// some reads a filter that says something: an empty one within or and not is a
// mistake that would match everything or nothing.
func (p *jsonParser) some(v strictjson.Value, at string) Filter {
	f := p.filter(v, at)
	if v.Kind() == strictjson.Object && v.Len() == 0 {
		p.add(at, "bad_value", "must have at least one comparison")
	}
	return f
}

func (p *jsonParser) alternatives(v strictjson.Value, at string) []Filter {
	if !p.is(at, v, strictjson.Array) {
		return nil
	}
	var list []Filter
	for i, e := range v.Elements() {
		list = append(list, p.some(e, at+"/"+strconv.Itoa(i)))
	}
	if len(list) == 0 {
		p.add(at, "bad_value", "must list at least one filter")
	}
	return list
}

// field reads the comparisons of one field: an object of operators, or a plain
// value for eq.
func (p *jsonParser) field(name string, v strictjson.Value, at string) []Filter {
	if v.Kind() != strictjson.Object {
		return []Filter{{Field: name, Op: OpEq, Value: loose(v), at: at}}
	}
	var list []Filter
	for op, operand := range v.Members() {
		in := at + "/" + token(op)
		switch {
		case Op(op).groups():
			p.add(in, "unknown_operator", "combines filters, and stands in place of a field")
		case operand.Kind() == strictjson.Object:
			p.add(in, "wrong_type", "must be a value to compare with, not an object")
		default:
			list = append(list, Filter{Field: name, Op: Op(op), Value: loose(operand), at: in})
		}
	}
	if v.Len() == 0 {
		p.add(at, "bad_value", "must have at least one operator")
	}
	slices.SortStableFunc(list, func(a, b Filter) int { return strings.Compare(string(a.Op), string(b.Op)) })
	return list
}

// loose is a value as Resolve takes it from JSON.
func loose(v strictjson.Value) any {
	switch v.Kind() {
	case strictjson.String:
		return v.Text()
	case strictjson.Number:
		return json.Number(v.Raw())
	case strictjson.Bool:
		return v.Bool()
	case strictjson.Array:
		list := make([]any, 0, v.Len())
		for _, e := range v.Elements() {
			list = append(list, loose(e))
		}
		return list
	}
	return nil
}

// token is a name as part of a JSON pointer.
func token(name string) string { return strictjson.Token(name)[1:] }
