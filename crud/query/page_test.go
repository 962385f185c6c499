package query_test

import (
	"crypto/sha256"
	"encoding/base64"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
)

func TestSort(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	cases := []struct{ sort, want string }{
		{"", "-id"},
		{"id", "id"},
		{"-id", "-id"},
		{"title", "title,id"},
		{"-title", "-title,-id"},
		{"title,id", "title,id"},
		{"-title,-id", "-title,-id"},
		{"status,-priority", "status,-priority,-id"},
		{"-status,priority", "-status,priority,id"},
		{"status,-priority,-id", "status,-priority,-id"},
		{"title,-id", "title,-id together"},
		{"status,priority", "status,priority together"},
		{"status,-priority,id", "status,-priority,id together"},
		{"title,priority", "title,priority together"},
		{"title,title", "title,title together"},
		{"id,id", "id,id together"},
		{"status", "status alone"}, // only together with priority
		{"mood", "mood unknown"},
		{"--title", "--title unknown"},
		{"-", "- unknown"},
		{"project.name", "project.name unknown"},
		{"title,title,title,title,title,title", "too many"},
	}
	for _, c := range cases {
		var q query.Query
		if c.sort != "" {
			q.Sort = strings.Split(c.sort, ",")
		}
		r, err := query.Resolve(m, q)
		got := ""
		switch {
		case err == nil:
			for _, k := range r.Sort {
				if got != "" {
					got += ","
				}
				if k.Desc {
					got += "-"
				}
				got += k.Column.JSON
			}
		case fields(t, err)[0].Code == "too_many":
			got = "too many"
		case strings.Contains(err.Error(), "together"):
			got = c.sort + " together"
		case strings.Contains(err.Error(), "alone"):
			got = c.sort + " alone"
		default:
			got = c.sort + " unknown"
		}
		is.Equal(c.sort+": "+got, c.sort+": "+c.want)
	}
	is.Equal(strings.Join(query.Sorts(m), " "), "id title subtitle priority score price done due_at project_id status,-priority")
}

func TestCursorsCarryKeys(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	when := time.Date(2026, 11, 23, 10, 0, 0, 123456000, time.UTC)
	cases := []struct {
		sort  string
		value any
	}{
		{"title", ""}, {"title", "é😀\n,."}, {"title", strings.Repeat("long ", 1000)}, {"subtitle", nil}, {"subtitle", ""},
		{"priority", int64(-32768)}, {"score", -0.5}, {"score", nil}, {"score", math.MaxFloat64}, {"price", "-12.50"},
		{"done", true}, {"done", false}, {"due_at", when}, {"due_at", nil}, {"project_id", uuid.New()}, {"project_id", nil},
	}
	for _, c := range cases {
		for _, sort := range []string{c.sort, "-" + c.sort} {
			q := query.Query{Sort: []string{sort}, Filter: query.Eq("done", true)}
			key := []any{c.value, someID}
			text := query.EncodeCursor(resolve(t, m, q), key)
			is.Equal(url.QueryEscape(text), text) // fit for a URL as it is

			q.After = text
			r := resolve(t, m, q)
			is.True(reflect.DeepEqual(r.Cursor, key))
			is.True(!r.Backward)
			q.After, q.Before, q.Limit, q.Count = "", text, 7, query.CountExact // may differ from page to page
			r = resolve(t, m, q)
			is.True(reflect.DeepEqual(r.Cursor, key))
			is.True(r.Backward)
		}
	}
	is.Equal(resolve(t, m, query.Query{}).Cursor, nil)
	is.Equal(len(query.EncodeCursor(resolve(t, m, query.Query{}), []any{someID})), 46)
}

func TestBar38_CursorsAreBound(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	own := query.Query{Sort: []string{"title"}, Filter: query.Eq("title", "a")}
	cursor := query.EncodeCursor(resolve(t, m, own), []any{"b", someID})
	others := []query.Query{
		{Sort: []string{"-title"}, Filter: query.Eq("title", "a")},
		{Sort: []string{"subtitle"}, Filter: query.Eq("title", "a")},
		{Sort: []string{"title"}, Filter: query.Eq("title", "b")},
		{Sort: []string{"title"}, Filter: query.Ne("title", "a")},
		{Sort: []string{"title"}, Filter: query.Eq("subtitle", "a")},
		{Sort: []string{"title"}, Filter: query.In("title", "a")},
		{Sort: []string{"title"}, Filter: query.And(query.Eq("title", "a"), query.IsNull("due_at"))},
		{Sort: []string{"title"}, Filter: query.Eq("overdue", "a")},
		{Sort: []string{"title"}, Filter: query.Eq("project.name", "a")},
		{Sort: []string{"title"}, Filter: query.Eq("title", "a"), Deleted: true},
		{Sort: []string{"title"}},
		{},
	}
	for _, q := range others {
		q.After = cursor
		_, err := query.Resolve(m, q)
		is.Equal(problem(t, err), "after bad_cursor")
	}
	own.Before = cursor
	_, err := query.Resolve(m, own)
	is.NoErr(err)
	people := m.Registry().ModelByName("Person")
	_, err = query.Resolve(people, query.Query{After: query.EncodeCursor(resolve(t, m, query.Query{}), []any{someID})})
	is.Equal(problem(t, err), "after bad_cursor")
}

// A server may narrow a query after it is parsed: only Resolve tells whose
// cursor it is.
func TestCursorsOfNarrowedLists(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	own := query.Eq("done", true)
	cursor := query.EncodeCursor(resolve(t, m, query.Query{}.Within(own)), []any{someID})
	fromURL, err := query.ParseURL(m, url.Values{"after": {cursor}})
	is.NoErr(err)
	fromJSON, err := query.ParseJSON(m, []byte(`{"after":"`+cursor+`"}`))
	is.NoErr(err)
	already, err := query.ParseURL(m, url.Values{"after": {cursor}}, own)
	is.NoErr(err)
	for _, q := range []query.Query{fromURL.Within(own), fromJSON.Within(own), already} {
		_, err = query.Resolve(m, q)
		is.NoErr(err)
	}
	_, err = query.Resolve(m, fromURL)
	is.Equal(problem(t, err), "after bad_cursor")
	_, err = query.ParseURL(m, url.Values{"after": {cursor + "x"}})
	is.Equal(problem(t, err), "after bad_cursor")
}

// Every flipped bit, every cut and every addition is noticed, those that
// base64 would read alike among them.
func TestBar38_DamagedCursors(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	q := query.Query{Sort: []string{"title"}}
	cursor := query.EncodeCursor(resolve(t, m, q), []any{"some title", someID})
	refused := func(text string) bool {
		q := q
		q.After = text
		_, err := query.Resolve(m, q)
		return err != nil && problem(t, err) == "after bad_cursor"
	}
	for i := range cursor {
		for bit := range 8 {
			b := []byte(cursor)
			b[i] ^= 1 << bit
			is.True(refused(string(b)))
		}
		is.True(i == 0 || refused(cursor[:i]))
		is.True(refused(cursor[:i] + "\n" + cursor[i:]))
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	is.NoErr(err)
	for i := range raw {
		for bit := range 8 {
			b := append([]byte(nil), raw...)
			b[i] ^= 1 << bit
			is.True(refused(base64.RawURLEncoding.EncodeToString(b)))
		}
	}
	is.True(refused(cursor + "="))
	is.True(refused(cursor + "AAAA"))
	is.True(refused(strings.Repeat("A", 100_000)))
}

// A cursor that somebody made up, checksum and all, holds only values that the
// database takes.
func TestBar38_MadeUpCursors(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for sort, values := range map[string][]any{
		"title":    {"a\x00", "\xff", nil, int64(1)},
		"priority": {int64(32768), nil, "x"},
		"score":    {math.NaN(), math.Inf(1)},
		"price":    {"x", "1e5", ""},
		"due_at":   {time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"done":     {nil, "x"},
	} {
		for _, v := range values {
			q := query.Query{Sort: []string{sort}}
			q.After = query.EncodeCursor(resolve(t, m, q), []any{v, someID})
			_, err := query.Resolve(m, q)
			is.Equal(problem(t, err), "after bad_cursor")
		}
	}
}

// A cursor ends where its keys end.
func TestMadeUpCursorsOfAnotherLength(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	cursor := query.EncodeCursor(resolve(t, m, query.Query{}), []any{someID})
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	is.NoErr(err)
	sealed := func(body []byte) query.Query {
		sum := sha256.Sum256(body)
		return query.Query{After: base64.RawURLEncoding.EncodeToString(append(body, sum[:8]...))}
	}
	body := raw[:len(raw)-8]
	_, err = query.Resolve(m, sealed(slices.Clone(body)))
	is.NoErr(err)
	for _, other := range [][]byte{append(slices.Clone(body), 0), slices.Clone(body[:len(body)-1]), slices.Clone(body[:9]), append([]byte{2}, body[1:]...)} {
		_, err = query.Resolve(m, sealed(other))
		is.Equal(problem(t, err), "after bad_cursor")
	}
}

func TestEncodeCursorPanicsOnWrongKeys(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	r := resolve(t, notes(t), query.Query{})
	for _, key := range [][]any{nil, {1, 2}, {struct{}{}}} {
		func() {
			defer func() { is.True(recover() != nil) }()
			query.EncodeCursor(r, key)
		}()
	}
}

// Two queries have one shape if they differ in values only.
func TestShape(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	base := query.Query{Filter: query.And(query.Eq("title", "a"), query.In("id", someID), query.IsNull("due_at")), Sort: []string{"title"}}
	r := resolve(t, m, base)
	is.True(reflect.DeepEqual(r.Values(), []any{"a", []any{someID}}))

	same := base
	same.Limit = 7
	same.Filter = query.And(query.Eq("title", "other"), query.In("id", someID, uuid.New()), query.IsNull("due_at"))
	is.Equal(resolve(t, m, same).Shape(), r.Shape())

	seen := map[string]int{r.Shape(): -1}
	eq, or := query.Eq("title", "a"), query.Or(query.Eq("title", "a"), query.Eq("done", true))
	for i, q := range []query.Query{
		{},
		{Deleted: true},
		{Count: query.CountCapped},
		{Sort: []string{"title"}},
		{Sort: []string{"-title"}},
		{Filter: eq},
		{Filter: query.Not(eq)},
		{Filter: query.Ne("title", "a")},
		{Filter: query.Eq("subtitle", "a")},
		{Filter: query.Eq("project.name", "a")},
		{Filter: query.Eq("project.backup.name", "a")},
		{Filter: query.Eq("overdue", "a")},
		{Filter: query.IsNull("due_at")},
		{Filter: query.NotNull("due_at")},
		{Filter: or},
		{Filter: query.Or()},
		{Filter: query.And(or.Filters...)},
		{Filter: query.And(query.Or(eq, eq), eq)},
		{Filter: query.Or(query.And(eq, eq), eq)},
		{Filter: query.Or(query.And(eq, eq, eq), eq)},
		{Fields: []string{"id"}},
		{Fields: []string{"id", "title"}},
		{Include: []string{"project"}},
		{Include: []string{"project", "comments"}},
		{Include: []string{"project", "project.lead"}},
		{After: query.EncodeCursor(resolve(t, m, query.Query{}), []any{someID})},
		{Before: query.EncodeCursor(resolve(t, m, query.Query{}), []any{someID})},
		{Sort: []string{"subtitle"}, After: query.EncodeCursor(resolve(t, m, query.Query{Sort: []string{"subtitle"}}), []any{nil, someID})},
		{Sort: []string{"subtitle"}, After: query.EncodeCursor(resolve(t, m, query.Query{Sort: []string{"subtitle"}}), []any{"a", someID})},
	} {
		shape := resolve(t, m, q).Shape()
		if other, met := seen[shape]; met {
			t.Errorf("queries %d and %d have one shape", i, other)
		}
		seen[shape] = i
	}
}

func TestIncludeAndFields(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	r, err := query.ResolveGet(m, query.Include("project.lead", "comments.by"), query.Include("project.backup.lead"), query.Fields("title", "id", "title"))
	is.NoErr(err)
	is.Equal(len(r.Include), 2)
	is.Equal(len(r.Include[0].Children), 2)
	is.Equal(r.Include[0].Children[1].Children[0].Relation.Name, "lead")
	is.Equal(len(r.Fields), 2)
	is.Equal(r.Fields[0].JSON, "title")
	for _, o := range []query.GetOption{query.Include("x"), query.Include(""), query.Include("project."), query.Include("project.backup.backup.lead"), query.Fields("password"), query.Fields("")} {
		_, err := query.ResolveGet(m, o)
		is.Equal(len(fields(t, err)), 1)
	}
	_, err = query.ResolveGet(m, query.Include(make([]string, 21)...))
	is.Equal(problem(t, err), "include too_many")
	r, err = query.ResolveGet(m)
	is.NoErr(err)
	is.True(r.Fields == nil && r.Include == nil)
}

func TestBadGoQueries(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for want, q := range map[string]query.Query{
		"limit bad_limit":            {Limit: -1},
		"count bad_value":            {Count: 9},
		"before after_and_before":    {After: "x", Before: "y"},
		"title. unknown_operator":    {Filter: query.Filter{Field: "title", Value: "x"}},
		".eq unknown_field":          {Filter: query.Eq("", 1)},
		"title.x unknown_operator":   {Filter: query.Where("title", "x", 1)},
		"title.foo.eq unknown_field": {Filter: query.Eq("title.foo", 1)},
	} {
		_, err := query.Resolve(m, q)
		is.Equal(problem(t, err), want)
	}
	// A Go part within a parsed query is named as what it is.
	q, err := query.ParseJSON(m, []byte(`{"filter":{"title":"a"}}`))
	is.NoErr(err)
	_, err = query.Resolve(m, q.Within(query.Eq("nothing", 1)))
	is.Equal(problem(t, err), "nothing.eq unknown_field")
	_, err = query.Resolve(m, q.Within(query.Eq("priority", "3"))) // texts stand for numbers in Go
	is.NoErr(err)
}
