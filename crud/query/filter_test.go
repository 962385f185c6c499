package query_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// Every operator of every kind, from a URL, from JSON and from Go, comes to the
// same typed value.
func TestOperandsByKind(t *testing.T) {
	t.Parallel()
	m := notes(t)
	cases := []struct {
		param, text, json string
		goValue, want     any
	}{
		{"title.eq", "Ship", `"Ship"`, Status("Ship"), "Ship"},
		{"title.icontains", "é😀", `"é😀"`, "é😀", "é😀"},
		{"title.in", `a,b\,c,`, `["a","b,c",""]`, []string{"a", "b,c", ""}, []any{"a", "b,c", ""}},
		{"title.iin", "a", `["a"]`, []Status{"a"}, []any{"a"}},
		{"title.null", "false", `false`, false, false},
		{"status.eq", "open", `"open"`, Status("open"), "open"},
		{"status.in", "open,done", `["open","done"]`, []Status{"open", "done"}, []any{"open", "done"}},
		{"mood.eq", "", `""`, "", ""},
		{"priority.gte", "-3", `-3`, int8(-3), int64(-3)},
		{"priority.in", "1,2", `[1,2]`, []int{1, 2}, []any{int64(1), int64(2)}},
		{"size.lt", "255", `255`, uint8(255), int64(255)},
		{"version.eq", "9223372036854775807", `9223372036854775807`, int64(math.MaxInt64), int64(math.MaxInt64)},
		{"score.lte", "1.5e3", `1.5e3`, float32(1500), 1500.0},
		{"score.gt", "2", `2`, 2, 2.0},
		{"ratio.eq", "0.5", `0.5`, 0.5, 0.5},
		{"price.eq", "12.50", `12.50`, "12.50", "12.50"},
		{"price.gt", "-3", `"-3"`, -3, "-3"},
		{"done.eq", "true", `true`, true, true},
		{"done.ne", "false", `false`, false, false},
		{"project_id.eq", someID.String(), `"` + someID.String() + `"`, registry.Ref[Project](someID), someID},
		{"id.in", someID.String(), `["` + someID.String() + `"]`, []uuid.UUID{someID}, []any{someID}},
		{"id.ne", strings.ToUpper(someID.String()), `"` + someID.String() + `"`, someID, someID},
		{"due_at.eq", "2026-11-23T10:00:00.1234567+02:00", `"2026-11-23T10:00:00.1234567+02:00"`, at("2026-11-23T08:00:00.1234567Z"), at("2026-11-23T08:00:00.123456Z")},
		{"due_at.before", "2026-11-23", `"2026-11-23"`, at("2026-11-23T00:00:00Z"), at("2026-11-23T00:00:00Z")},
		{"due_at.after", "2026-11-23", `"2026-11-23"`, "2026-11-23", at("2026-11-23T23:59:59.999999Z")},
		{"due_at.after", "2026-11-23T10:00:00Z", `"2026-11-23T10:00:00Z"`, at("2026-11-23T10:00:00Z"), at("2026-11-23T10:00:00Z")},
		{"due_at.on", "2026-11-23", `"2026-11-23"`, at("2026-11-23T10:00:00Z"), at("2026-11-23T00:00:00Z")},
		{"due_at.on", "2026-11-23T01:00:00+02:00", `"2026-11-23T01:00:00+02:00"`, time.Date(2026, 11, 23, 1, 0, 0, 0, time.FixedZone("", 7200)), at("2026-11-22T22:00:00Z")},
		{"can.eq", "view|edit", `["view","edit"]`, joinery.View | joinery.Edit, int64(9)},
		{"can.eq", "none", `0`, joinery.NoActions, int64(0)},
		{"can.in", "view,63", `["view",63]`, []joinery.Actions{1, 63}, []any{int64(1), int64(63)}},
		{"meta.null", "true", `true`, true, true},
		{"blob.null", "true", `true`, true, true},
		{"overdue.eq", "true", `true`, true, "true"},
		{"overdue.eq", "12", `12`, 12, "12"},
		{"limit.eq", "5", `5`, 5, int64(5)},
	}
	for _, c := range cases {
		t.Run(c.param, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			field, op, _ := strings.Cut(c.param, ".")
			fromURL, err := query.ParseURL(m, url.Values{c.param: {c.text}})
			is.NoErr(err)
			fromJSON, err := query.ParseJSON(m, []byte(`{"filter":{"`+field+`":{"`+op+`":`+c.json+`}}}`))
			is.NoErr(err)
			fromGo := query.Query{Filter: query.Where(field, query.Op(op), c.goValue)}
			for _, q := range []query.Query{fromURL, fromJSON, fromGo} {
				n := resolve(t, m, q).Filter
				is.Equal(n.Op, query.Op(op))
				is.True(n.Search == "overdue" || n.Column == m.Field(field))
				if want, ok := c.want.(time.Time); ok {
					is.True(want.Equal(n.Value.(time.Time)))
					is.Equal(n.Value.(time.Time).Location(), time.UTC)
				} else {
					is.True(reflect.DeepEqual(n.Value, c.want))
				}
			}
		})
	}
}

// What a kind has no operator for, and every value that does not fit, is
// refused in all forms.
func TestRefusedFilters(t *testing.T) {
	t.Parallel()
	m := notes(t)
	cases := []struct{ param, value, code string }{
		{"nothing.eq", "x", "unknown_field"},
		{"title.eq.eq", "x", "unknown_field"},
		{"a[99999999]", "x", "unknown_field"},
		{"", "x", "unknown_field"},
		{".", "x", "unknown_field"},
		{"title\x00.eq", "x", "unknown_field"},
		{"\xff", "x", "unknown_field"},
		{"password.eq", "x", "unknown_field"},
		{"hash.eq", "x", "unknown_field"},
		{"Hash.eq", "x", "unknown_field"},
		{"project.secret.eq", "x", "unknown_field"},
		{"project.title.eq", "x", "unknown_field"},
		{"other.name.eq", "x", "unknown_field"},
		{"project.backup.lead.email.eq", "x", "too_deep"},
		{"title.foo", "x", "unknown_operator"},
		{"title.gt", "x", "unknown_operator"},
		{"title.and", "x", "unknown_operator"},
		{"status.contains", "x", "unknown_operator"},
		{"done.gt", "true", "unknown_operator"},
		{"id.lt", someID.String(), "unknown_operator"},
		{"meta.eq", "x", "unknown_operator"},
		{"priority.before", "1", "unknown_operator"},
		{"overdue.ne", "x", "unknown_operator"},
		{"title.eq", "a\x00", "bad_value"},
		{"title.contains", "\xff", "bad_value"},
		{"title.in", "a,\xff", "bad_value"},
		{"title.null", "maybe", "bad_value"},
		{"status.eq", "closed", "bad_value"},
		{"status.eq", "", "bad_value"},
		{"priority.eq", "x", "bad_value"},
		{"priority.eq", "", "bad_value"},
		{"priority.eq", "+1", "bad_value"},
		{"priority.eq", "1.0", "bad_value"},
		{"priority.eq", "32768", "bad_value"},
		{"size.eq", "-1", "bad_value"},
		{"size.eq", "256", "bad_value"},
		{"version.eq", "9223372036854775808", "bad_value"},
		{"score.eq", "1e309", "bad_value"},
		{"score.eq", "NaN", "bad_value"},
		{"score.eq", "Inf", "bad_value"},
		{"score.eq", "0x1p4", "bad_value"},
		{"score.eq", "1_0", "bad_value"},
		{"ratio.eq", "1e39", "bad_value"},
		{"price.eq", "1e3", "bad_value"},
		{"price.eq", "1.", "bad_value"},
		{"price.eq", strings.Repeat("1", 66), "bad_value"},
		{"done.eq", "1", "bad_value"},
		{"id.eq", "x", "bad_value"},
		{"id.eq", strings.ReplaceAll(someID.String(), "-", ""), "bad_value"},
		{"due_at.eq", "2026-11-23", "bad_value"},
		{"due_at.eq", "2026-11-23T10:00:00 02:00", "bad_value"},
		{"due_at.on", "2026-13-01", "bad_value"},
		{"due_at.on", "0000-01-01", "bad_value"},
		{"due_at.gt", "0000-01-01T00:00:00Z", "bad_value"},
		{"due_at.on", "0001-01-01T00:00:00+10:00", "bad_value"},
		{"can.eq", "fly", "bad_value"},
		{"can.eq", "64", "bad_value"},
		{"overdue", "\x00", "bad_value"},
		{"id.in", strings.Repeat(someID.String()+",", 500) + someID.String(), "bad_value"},
	}
	for _, c := range cases {
		t.Run(c.param+"="+c.value[:min(len(c.value), 20)], func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			_, err := query.ParseURL(m, url.Values{c.param: {c.value}})
			list := fields(t, err)
			is.Equal(len(list), 1)
			is.Equal(list[0].Code, c.code)
			is.True(list[0].Parameter != "" || c.param == "")
			is.True(list[0].Message != "")
		})
	}
}

// A hidden or write-only column is refused exactly as a name that nobody has
// given to anything.
func TestHiddenColumnsLookUnknown(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for _, form := range []func(name string) error{
		func(name string) error { _, err := query.ParseURL(m, url.Values{name + ".eq": {"x"}}); return err },
		func(name string) error { _, err := query.ParseURL(m, url.Values{name: {"x"}}); return err },
		func(name string) error { _, err := query.ParseURL(m, url.Values{"sort": {name}}); return err },
		func(name string) error { _, err := query.ParseURL(m, url.Values{"fields": {name}}); return err },
		func(name string) error { _, err := query.ParseURL(m, url.Values{name + ".foo": {"x"}}); return err },
		func(name string) error { _, err := query.ParseURL(m, url.Values{"project." + name: {"x"}}); return err },
	} {
		want := form("unheardof").Error()
		for _, name := range []string{"password", "Password", "hash", "Hash", "secret"} {
			is.Equal(strings.ReplaceAll(form(name).Error(), name, "unheardof"), want)
		}
	}
}

func TestMessagesTellWhatIsRight(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	message := func(param, value string) string {
		_, err := query.ParseURL(m, url.Values{param: {value}})
		return fields(t, err)[0].Message
	}
	is.Equal(message("status.eq", "x"), "must be one of open, done")
	is.Equal(message("done.lt", "x"), `has no operator "lt"; done has eq, ne, in, null`)
	is.Equal(message("title.foo", "x"), `has no operator "foo"; title has eq, ne, in, contains, starts, ends, ieq, ine, iin, icontains, istarts, iends, null`)
	is.True(strings.HasPrefix(message("titel", "x"), `has no field "titel"; known are overdue, id, created_at`))
	is.True(strings.Contains(message("titel", "x"), "fields of project, comments follow a dot; other parameters are sort, limit"))
	is.True(strings.Contains(message("sort", "nothing"), "it sorts by id, title"))
	is.True(strings.Contains(message("include", "nothing"), "known are project, comments"))
	is.Equal(message("fields", "project"), `"project" is a relation: ask for it by include=project`)
	is.Equal(message("fields", "project.name"), `"project" is a relation: ask for it by include=project`)
	is.Equal(message("sort", "-status"), `does not sort by "-status" alone, only as part of status,-priority, or exactly the reverse`)
	inBody := func(body string) string {
		_, err := query.ParseJSON(m, []byte(body))
		return fields(t, err)[0].Message
	}
	is.Equal(inBody(`{"fields": ["project"]}`), `"project" is a relation: ask for it by "include": ["project"]`)
	for _, field := range []string{"title", "due_at", "priority", "done"} {
		is.Equal(inBody(`{"filter": {"`+field+`": null}}`), `must be a value; for null write {"null": true}`)
		is.Equal(inBody(`{"filter": {"`+field+`": {"ne": null}}}`), `must be a value; for what is not null write {"null": false}`)
		is.Equal(inBody(`{"filter": {"`+field+`": [1]}}`), `must be one value; for any of several write {"in": […]}`)
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	names := func(n *query.Node) string {
		var b strings.Builder
		for _, rel := range n.Path {
			b.WriteString(rel.Name + ".")
		}
		return b.String() + n.Column.JSON
	}
	for _, path := range []string{"project.name", "project.lead.email", "comments.text", "comments.by.email"} {
		is.Equal(names(resolve(t, m, query.Query{Filter: query.Eq(path, "x")}).Filter), path)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	a, b := query.Eq("title", "a"), query.Eq("title", "b")
	cases := []struct {
		name   string
		filter query.Filter
		want   string
	}{
		{"zero", query.Filter{}, ""},
		{"and", query.And(a, b), "and(a b)"},
		{"or", query.Or(a, query.Not(b)), "or(a not(b))"},
		{"one", query.And(query.Or(a)), "a"},
		{"empty and", query.And(), ""},
		{"empty or", query.Or(), "or()"},
		{"everything in and", query.And(query.Filter{}, a), "a"},
		{"everything in or", query.Or(query.Filter{}, a), ""},
		{"nothing in or", query.Or(query.Or(), a), "or(or() a)"},
		{"not everything", query.Not(query.Filter{}), "or()"},
		{"not nothing", query.Not(query.Or()), "not(or())"},
		{"in nothing", query.In[string]("title"), "title in []"},
	}
	for _, c := range cases {
		is.Equal(c.name+": "+text(resolve(t, m, query.Query{Filter: c.filter}).Filter), c.name+": "+c.want)
	}
	_, err := query.Resolve(m, query.Query{Filter: query.Filter{Op: query.OpNot}})
	is.Equal(problem(t, err), "filter bad_value")
}

// text writes a filter: titles by their value alone.
func text(n *query.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Column != nil && n.Op == query.OpEq:
		return fmt.Sprint(n.Value)
	case n.Column != nil:
		return fmt.Sprint(n.Column.JSON, " ", n.Op, " ", n.Value)
	}
	var parts []string
	for _, inner := range n.Nodes {
		parts = append(parts, text(inner))
	}
	return string(n.Op) + "(" + strings.Join(parts, " ") + ")"
}

func TestFilterLimits(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	many := func(n int) query.Filter {
		return query.And(slices.Repeat([]query.Filter{query.Eq("title", "x")}, n)...)
	}
	deep := func(n int) query.Filter {
		f := query.Eq("title", "x")
		for range n {
			f = query.Not(f)
		}
		return f
	}
	check := func(f query.Filter) error { _, err := query.Resolve(m, query.Query{Filter: f}); return err }
	is.NoErr(check(many(50)))
	is.Equal(problem(t, check(many(51))), "filter too_many")
	is.NoErr(check(deep(5)))
	is.Equal(problem(t, check(deep(6))), "filter too_deep")
	is.NoErr(check(query.In("id", slices.Repeat([]uuid.UUID{someID}, 500)...)))
	is.Equal(problem(t, check(query.In("id", slices.Repeat([]uuid.UUID{someID}, 501)...))), "id.in bad_value")

	// What the server adds takes nothing from the client's limits, and keeps
	// nobody from being stopped at his own.
	own := query.And(query.Eq("done", true), query.Not(query.Eq("title", "y")))
	for _, f := range []query.Filter{many(50), deep(5)} {
		_, err := query.Resolve(m, query.Query{Filter: f}.Within(own))
		is.NoErr(err)
	}
	for _, f := range []query.Filter{many(51), deep(6)} {
		_, err := query.Resolve(m, query.Query{Filter: f}.Within(own))
		is.True(err != nil)
	}
}

func TestURLForm(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	v, err := url.ParseQuery("title.contains=ship&priority.gte=3&sort=-priority&include=project,comments.by&fields=id,title&limit=70&count=capped&deleted=true&status=open&title.contains=it")
	is.NoErr(err)
	q, err := query.ParseURL(m, v)
	is.NoErr(err)
	r := resolve(t, m, q)
	is.Equal(text(r.Filter), "and(priority gte 3 open title contains ship title contains it)") // all must hold
	is.Equal(query.Sorts(m)[0], "id")
	is.Equal(len(r.Sort), 2)
	is.Equal(r.Limit, 70)
	is.Equal(r.Count, query.CountCapped)
	is.True(r.Deleted)
	is.Equal(len(r.Include), 2)
	is.Equal(r.Include[1].Children[0].Relation.Name, "by")
	is.Equal(len(r.Fields), 2)

	for param, want := range map[string]string{
		"limit=0": "limit bad_limit", "limit=1001": "limit bad_limit", "limit=x": "limit bad_limit", "limit=": "limit bad_value",
		"limit=99999999999999999999": "limit bad_limit", "limit=1&limit=2": "limit repeated", "sort=title&sort=id": "sort repeated",
		"count=all": "count bad_value", "deleted=1": "deleted bad_value", "after=": "after bad_value", "after=x": "after bad_cursor",
		"after=x&before=y": "before after_and_before", "fields=nothing": "fields unknown_field", "fields=project": "fields unknown_field",
		"include=nothing": "include unknown_relation", "include=project.backup.backup.lead": "include unknown_relation",
		"include=": "include bad_value", "sort=": "sort bad_value", "lmit=1": "lmit unknown_field",
	} {
		v, err := url.ParseQuery(param)
		is.NoErr(err)
		_, err = query.ParseURL(m, v)
		is.Equal(param+": "+problem(t, err), param+": "+want)
	}
	for _, limit := range []string{"1", "1000"} {
		_, err = query.ParseURL(m, url.Values{"limit": {limit}})
		is.NoErr(err)
	}
	_, err = query.ParseURL(m, url.Values{"limit": {"0"}, "nothing": {"x"}, "title.gt": {"x"}, "count": {"x"}, "sort": {"x"}})
	is.Equal(len(fields(t, err)), 5) // all at once
	_, err = query.ParseURL(m, url.Values{"title": slices.Repeat([]string{"x"}, 51)})
	is.Equal(problem(t, err), "filter too_many")
}

func TestJSONForm(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	q, err := query.ParseJSON(m, []byte(`{
		"filter": {"title": {"starts": "a", "ne": "b"}, "status": "open",
			"or": [{"priority": {"gte": 3}}, {"project.name": {"starts": "A"}, "done": true}], "not": {"due_at": {"null": true}}},
		"sort": ["-priority"], "limit": 7, "include": ["project"], "fields": ["id"], "count": "exact", "deleted": true}`))
	is.NoErr(err)
	r := resolve(t, m, q)
	is.Equal(text(r.Filter), "and(not(due_at null true) or(priority gte 3 and(true name starts A)) open title ne b title starts a)")
	is.Equal(r.Limit, 7)
	is.Equal(r.Count, query.CountExact)
	is.True(r.Deleted && len(r.Include) == 1 && len(r.Fields) == 1 && len(r.Sort) == 2)
	_, err = query.ParseJSON(m, []byte(`{}`))
	is.NoErr(err)

	for body, want := range map[string]string{
		``:                                           " bad_json",
		`[]`:                                         " wrong_type",
		`{"fliter":{}}`:                              "/fliter unknown_field",
		`{"filter":[]}`:                              "/filter wrong_type",
		`{"filter":{"x":1}}`:                         "/filter/x unknown_field",
		`{"filter":{"title":1}}`:                     "/filter/title bad_value",
		`{"filter":{"title":null}}`:                  "/filter/title bad_value",
		`{"filter":{"title":["a"]}}`:                 "/filter/title bad_value",
		`{"filter":{"title":{}}}`:                    "/filter/title bad_value",
		`{"filter":{"title":{"gt":"a"}}}`:            "/filter/title/gt unknown_operator",
		`{"filter":{"title":{"and":[]}}}`:            "/filter/title/and unknown_operator",
		`{"filter":{"title":{"eq":{}}}}`:             "/filter/title/eq wrong_type",
		`{"filter":{"title":{"in":"a"}}}`:            "/filter/title/in bad_value",
		`{"filter":{"title":{"in":[null]}}}`:         "/filter/title/in bad_value",
		`{"filter":{"title":{"in":[["a"]]}}}`:        "/filter/title/in bad_value",
		`{"filter":{"priority":"3"}}`:                "/filter/priority bad_value",
		`{"filter":{"priority":3.5}}`:                "/filter/priority bad_value",
		`{"filter":{"version":9223372036854775808}}`: "/filter/version bad_value",
		`{"filter":{"score":1e309}}`:                 "/filter/score bad_value",
		`{"filter":{"done":"true"}}`:                 "/filter/done bad_value",
		`{"filter":{"title":"\u0000"}}`:              "/filter/title nul",
		`{"filter":{"title":"a","title":"b"}}`:       "/filter/title duplicate_key",
		`{"filter":{"or":{}}}`:                       "/filter/or wrong_type",
		`{"filter":{"or":[]}}`:                       "/filter/or bad_value",
		`{"filter":{"or":[{}]}}`:                     "/filter/or/0 bad_value",
		`{"filter":{"or":[{"a/b":1}]}}`:              "/filter/or/0/a~1b unknown_field",
		`{"filter":{"not":{}}}`:                      "/filter/not bad_value",
		`{"filter":{"not":[]}}`:                      "/filter/not wrong_type",
		`{"sort":"title"}`:                           "/sort wrong_type",
		`{"sort":["title",1]}`:                       "/sort/1 wrong_type",
		`{"sort":["nothing"]}`:                       "/sort/0 unknown_sort",
		`{"include":["project","x"]}`:                "/include/1 unknown_relation",
		`{"fields":["x"]}`:                           "/fields/0 unknown_field",
		`{"limit":0}`:                                "/limit bad_limit",
		`{"limit":"5"}`:                              "/limit bad_limit",
		`{"limit":1001}`:                             "/limit bad_limit",
		`{"after":""}`:                               "/after bad_cursor",
		`{"after":"x"}`:                              "/after bad_cursor",
		`{"after":1}`:                                "/after wrong_type",
		`{"after":"x","before":"y"}`:                 "/before after_and_before",
		`{"count":"all"}`:                            "/count bad_value",
		`{"count":1}`:                                "/count wrong_type",
		`{"deleted":"true"}`:                         "/deleted wrong_type",
		`{"filter":` + strings.Repeat(`{"not":`, 6) + `{"done":true}` + strings.Repeat("}", 7): "/filter too_deep",
	} {
		_, err := query.ParseJSON(m, []byte(body))
		is.Equal(body+": "+problem(t, err), body+": "+want)
	}
}

// Objects without order within each other take nothing from the depth.
func TestImplicitAndsAreNoDepth(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	body := `{"done":true,"title":"a"}`
	for range 5 {
		body = `{"done":true,"not":` + body + `}`
	}
	_, err := query.ParseJSON(notes(t), []byte(`{"filter":`+body+`}`))
	is.NoErr(err)
}

func TestOperatorsAreThoseThatWork(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	sample := map[string]any{"title": "a", "status": "open", "done": true, "priority": 1, "score": 1.5, "price": "1", "due_at": time.Now(), "id": someID, "meta": 0, "blob": 0}
	all := []query.Op{"eq", "ne", "in", "contains", "starts", "ends", "ieq", "ine", "iin", "icontains", "istarts", "iends", "lt", "lte", "gt", "gte", "before", "after", "on", "null", "and", "x", ""}
	for name, v := range sample {
		c := m.Field(name)
		for _, o := range all {
			value := v
			if o == query.OpNull {
				value = true
			}
			if o == query.OpIn || o == query.OpIIn {
				value = []any{v}
			}
			f := query.Filter{Field: name, Op: o, Value: value}
			if o == query.OpAnd {
				continue // Op decides: this is no comparison
			}
			_, err := query.Resolve(m, query.Query{Filter: f})
			is.Equal(fmt.Sprint(name, " ", o, " ", err == nil), fmt.Sprint(name, " ", o, " ", slices.Contains(query.Operators(c.Kind), o)))
		}
	}
	is.Equal(query.Operators(0), nil)
}

func TestGoValuesThatDoNotFit(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for _, f := range []query.Filter{
		query.Eq("title", nil), query.Eq("title", 1), query.Eq("title", json.Number("1")), query.Eq("title", []string{"a"}), query.Eq("priority", uint64(math.MaxUint64)),
		query.Eq("priority", 1.0), query.Eq("priority", struct{}{}), query.Eq("score", math.NaN()), query.Eq("score", math.Inf(1)), query.Eq("id", [16]byte{}),
		query.Eq("due_at", 1), query.Eq("due_at", (*time.Time)(nil)), query.Eq("due_at", time.Time{}.AddDate(-1, 0, 0)), query.Where("title", query.OpIn, nil), query.Where("title", query.OpNull, nil),
		query.Where("due_at", query.OpOn, nil), query.Eq("id", (*uuid.UUID)(nil)), query.Eq("overdue", nil), query.Eq("overdue", []int{1}), query.Eq("can", nil), query.Eq("can", 300),
	} {
		_, err := query.Resolve(m, query.Query{Filter: f})
		is.Equal(problem(t, err), f.Field+"."+string(f.Op)+" bad_value")
	}
}
