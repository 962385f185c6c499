package resttest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/rest"
)

// question is a list to ask for. It can be written as the parameters of a GET
// and as the body of a search.
type question struct {
	field, op string          // what is filtered; without op as eq, or a custom search field; empty: nothing
	value     json.RawMessage // what the field is compared with

	sort, include, fields, after, before, count string // as in a URL; empty: none
	limit                                       int    // zero: none
}

// filter is a parameter that filters: a field, and the operator. Custom search
// fields have none.
type filter struct{ field, op string }

func (q question) url() string {
	v := url.Values{}
	for name, value := range map[string]string{
		"sort": q.sort, "include": q.include, "fields": q.fields, "after": q.after, "before": q.before, "count": q.count,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.limit > 0 {
		v.Set("limit", strconv.Itoa(q.limit))
	}
	if q.field != "" {
		v.Set(strings.TrimSuffix(q.field+"."+q.op, "."), q.operand())
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// operand is the value as a URL writes it, in which a list is split at commas.
func (q question) operand() string {
	if q.listed() {
		return strings.NewReplacer(`\`, `\\`, ",", `\,`).Replace(textOf(q.value))
	}
	return textOf(q.value)
}

func (q question) listed() bool { return q.op == string(query.OpIn) || q.op == string(query.OpIIn) }

func (q question) search() map[string]any {
	body := map[string]any{}
	for name, value := range map[string]string{"sort": q.sort, "include": q.include, "fields": q.fields} {
		if value != "" {
			body[name] = strings.Split(value, ",")
		}
	}
	for name, value := range map[string]string{"after": q.after, "before": q.before, "count": q.count} {
		if value != "" {
			body[name] = value
		}
	}
	if q.limit > 0 {
		body["limit"] = q.limit
	}
	switch value := q.inJSON(); {
	case q.field == "":
		body["filter"] = map[string]any{}
	case q.op == "":
		body["filter"] = map[string]any{q.field: value}
	default:
		body["filter"] = map[string]any{q.field: map[string]any{q.op: value}}
	}
	return body
}

func (q question) inJSON() any {
	var value any = q.value
	if strings.HasPrefix(string(q.value), "[") {
		value = textOf(q.value)
	}
	if q.listed() {
		return []any{value}
	}
	return value
}

// textOf is a member of a row as a parameter writes it. Lists that are compared
// are sets of actions.
func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var names []string
	switch {
	case json.Unmarshal(value, &names) != nil:
		return string(value)
	case len(names) == 0:
		return "none"
	}
	return strings.Join(names, "|")
}

// plainQuestions are those that name nothing of a row.
func (s *suite[T, C, U]) plainQuestions() []question {
	list := []question{
		{}, {count: "exact"}, {count: "capped", limit: 1}, {count: "exact", limit: 1000},
		{fields: s.model.ID.JSON, count: "exact"},
	}
	for _, order := range s.sorts() {
		list = append(list, question{sort: order, count: "exact", limit: 1000})
	}
	for _, relation := range s.includes() {
		list = append(list, question{include: relation, limit: 1000})
	}
	return list
}

// questionsAbout are those that filter by the values of a row, each field by
// each of its operators.
func (s *suite[T, C, U]) questionsAbout(r row) []question {
	var list []question
	add := func(f filter, value json.RawMessage) {
		list = append(list, question{field: f.field, op: f.op, value: value, count: "exact", limit: 1000})
	}
	for _, f := range s.filters() {
		value, known := r.members[f.field]
		null := string(value) == "null"
		switch {
		case f.op == "":
			for _, word := range r.texts() {
				add(f, word)
			}
		case known && f.op == string(query.OpNull):
			add(f, strconv.AppendBool(nil, null))
		case known && !null:
			add(f, value)
			if f.op == string(query.OpEq) { // the field alone means the same
				add(filter{field: f.field}, value)
			}
		}
	}
	for _, relation := range s.includes() {
		list = append(list, question{field: s.model.ID.JSON, op: string(query.OpEq), value: r.members[s.model.ID.JSON], include: relation})
	}
	return list
}

// texts are the members that are strings.
func (r row) texts() []json.RawMessage {
	var list []json.RawMessage
	for _, value := range r.members {
		if len(value) > 2 && value[0] == '"' {
			list = append(list, value)
		}
	}
	return list
}

// filters are those that the document has for the list, else those of T.
func (s *suite[T, C, U]) filters() (list []filter) {
	if parameters := s.listParameters(); parameters != nil {
		reserved := []string{"sort", "limit", "after", "before", "include", "fields", "count", "deleted"}
		for name := range parameters {
			if dot := strings.LastIndexByte(name, '.'); dot > 0 {
				list = append(list, filter{name[:dot], name[dot+1:]})
			} else if !slices.Contains(reserved, name) {
				list = append(list, filter{field: name})
			}
		}
		return list
	}
	for _, c := range s.model.Columns {
		if c.Visible() && c.JSON != "" {
			for _, op := range query.Operators(c.Kind) {
				list = append(list, filter{c.JSON, string(op)})
			}
		}
	}
	return list
}

// sorts are the orders that the document declares, else those of T.
func (s *suite[T, C, U]) sorts() (list []string) {
	parameters := s.listParameters()
	if parameters == nil {
		return query.Sorts(s.model)
	}
	for _, order := range s.API.doc.resolved(parameters["sort"].get("schema")).get("enum").elements() {
		if text, ok := order.value.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

// relationNames finds the relations in the pattern that include must match.
var relationNames = regexp.MustCompile(`^\^\(([^()]+)\)`)

// includes are the relations that the document names, else those of T.
func (s *suite[T, C, U]) includes() (list []string) {
	parameters := s.listParameters()
	pattern, _ := parameters["include"].get("schema").get("items").get("pattern").value.(string)
	if found := relationNames.FindStringSubmatch(pattern); found != nil {
		return strings.Split(found[1], "|")
	}
	if parameters == nil {
		for _, r := range s.model.Relations {
			list = append(list, r.Name)
		}
	}
	return list
}

// listParameters are those of the list's query by name; nil where no document
// tells.
func (s *suite[T, C, U]) listParameters() map[string]node {
	if s.API.doc == nil || !s.can(rest.List) {
		return nil
	}
	item, _, _ := s.API.doc.find(routes[rest.List].method, s.Path)
	_, parameters, _ := operation(item, routes[rest.List].method)
	named := map[string]node{}
	for _, p := range parameters {
		p = s.API.doc.resolved(p)
		if name, _ := p.get("name").value.(string); p.get("in").value == "query" {
			named[name] = p
		}
	}
	return named
}
