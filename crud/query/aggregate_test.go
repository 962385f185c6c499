package query_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

func TestAggregatesThatAreRefused(t *testing.T) {
	t.Parallel()
	m := notes(t)
	many := make([]query.Aggregate, 0, 21)
	for _, c := range m.Columns {
		if c.Visible() {
			many = append(many, query.CountOf(c.JSON))
		}
	}
	for name, test := range map[string]struct {
		parts []query.Aggregate
		want  string
	}{
		"nothing":            {nil, "aggregate required"},
		"the zero part":      {list(query.Aggregate{}), "aggregate unknown_field"},
		"unknown field":      {list(query.Sum("nothing")), "nothing.sum unknown_field"},
		"hidden":             {list(query.GroupBy("hash")), "hash unknown_field"},
		"hidden, counted":    {list(query.CountOf("hash")), "hash.count unknown_field"},
		"write-only":         {list(query.CountDistinct("password")), "password.count_distinct unknown_field"},
		"hidden of another":  {list(query.GroupBy("project.secret")), "project.secret unknown_field"},
		"sum of text":        {list(query.Sum("title")), "title.sum unknown_function"},
		"sum of times":       {list(query.Sum("due_at")), "due_at.sum unknown_function"},
		"sum of actions":     {list(query.Sum("can")), "can.sum unknown_function"},
		"mean of an enum":    {list(query.Avg("status")), "status.avg unknown_function"},
		"least enum":         {list(query.Min("status")), "status.min unknown_function"},
		"greatest bool":      {list(query.Max("done")), "done.max unknown_function"},
		"least id":           {list(query.Min("id")), "id.min unknown_function"},
		"group by JSON":      {list(query.GroupBy("meta")), "meta unknown_function"},
		"distinct bytes":     {list(query.CountDistinct("blob")), "blob.count_distinct unknown_function"},
		"no function":        {list(query.Aggregate{Func: "median", Field: "priority"}), "priority.median unknown_function"},
		"sum of nothing":     {list(query.Sum("")), "sum unknown_field"},
		"value of a project": {list(query.Max("project.name")), "project.name.max unknown_field"},
		"many rows":          {list(query.GroupBy("comments.text")), "comments.text unknown_field"},
		"unknown relation":   {list(query.GroupBy("author.name")), "author.name unknown_field"},
		"three away":         {list(query.GroupBy("project.backup.lead.email")), "project.backup.lead.email unknown_field"},
		"a relation alone":   {list(query.GroupBy("project")), "project unknown_field"},
		"a week":             {list(query.GroupBy("due_at").By("week")), "due_at bad_unit"},
		"a month of text":    {list(query.GroupBy("title").By(query.Month)), "title bad_unit"},
		"a cut sum":          {list(query.Sum("priority").By(query.Day)), "priority.sum bad_unit"},
		"a cut count":        {list(query.Count().By(query.Day)), "count bad_unit"},
		"twice":              {list(query.Count(), query.Count()), "count repeated"},
		"twice by time":      {list(query.GroupBy("due_at"), query.GroupBy("due_at").By(query.Day)), "due_at repeated"},
		"too many keys": {list(query.GroupBy("title"), query.GroupBy("status"), query.GroupBy("mood"), query.GroupBy("done"), query.GroupBy("size"), query.GroupBy("price")),
			"aggregate too_many"},
		"too many values": {many[:21], "aggregate too_many"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := query.ResolveAggregate(m, query.Query{}, test.parts...)
			is.New(t).Equal(problem(t, err), test.want)
		})
	}
}

func list(parts ...query.Aggregate) []query.Aggregate { return parts }

// What is about rows and pages is refused, rather than ignored.
func TestAggregatesHaveNoRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for want, q := range map[string]query.Query{
		"sort not_allowed":    {Sort: []string{"title"}},
		"after not_allowed":   {After: "x"},
		"before not_allowed":  {Before: "x"},
		"include not_allowed": {Include: []string{"project"}},
		"fields not_allowed":  {Fields: []string{"id"}},
		"count not_allowed":   {Count: query.CountExact},
		"limit bad_limit":     {Limit: 1001},
		"nothing.eq unknown_field": {
			Filter: query.Eq("nothing", 1),
		},
	} {
		_, err := query.ResolveAggregate(m, q, query.Count())
		is.Equal(problem(t, err), want)
	}
	q, err := query.ParseJSON(m, []byte(`{"sort": ["title"], "filter": {"priority": 3}}`))
	is.NoErr(err)
	_, err = query.ResolveAggregate(m, q, query.Sum("title"))
	var places []string
	for _, f := range fields(t, err) {
		places = append(places, f.Pointer+f.Parameter)
	}
	is.Equal(strings.Join(places, " "), "/sort title.sum")
}

func TestAggregatesResolve(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	a, err := query.ResolveAggregate(m, query.Query{}, query.GroupBy("project.lead.email"), query.Count(), query.GroupBy("due_at").By(query.Month), query.Avg("price"))
	is.NoErr(err)
	is.Equal(a.Limit, 1000)
	is.Equal(len(a.Keys), 2)
	is.Equal(a.Keys[0].Column.Name, "email")
	is.Equal([]string{a.Keys[0].Path[0].Name, a.Keys[0].Path[1].Name}, []string{"project", "lead"})
	is.Equal(a.Keys[1].Unit, query.Month)
	is.True(a.Values[0].Column == nil)
	is.Equal(a.Values[1].Column, m.Column("price"))
}

// Aggregates that differ in more than values have different shapes.
func TestShapesOfAggregates(t *testing.T) {
	t.Parallel()
	m := notes(t)
	shapes := map[string]string{}
	for name, parts := range map[string][]query.Aggregate{
		"sum": list(query.Sum("priority")), "avg": list(query.Avg("priority")), "count": list(query.Count()), "countOf": list(query.CountOf("priority")),
		"key": list(query.GroupBy("priority")), "sum by": list(query.Sum("priority"), query.GroupBy("title")), "day": list(query.GroupBy("due_at").By(query.Day)),
		"time": list(query.GroupBy("due_at")), "two": list(query.GroupBy("title"), query.GroupBy("done")), "turned": list(query.GroupBy("done"), query.GroupBy("title")),
	} {
		for _, deleted := range []bool{false, true} {
			a, err := query.ResolveAggregate(m, query.Query{Deleted: deleted, Filter: query.Eq("title", name)}, parts...)
			if err != nil {
				t.Fatal(err)
			}
			if deleted {
				name += ", deleted"
			}
			if was, taken := shapes[a.Shape()]; taken {
				t.Errorf("%s and %s have one shape", was, name)
			}
			shapes[a.Shape()] = name
		}
	}
}

// Every kind has functions, and what it has resolves.
func TestFunctionsOfKinds(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	m := notes(t)
	for _, c := range m.Columns {
		if !c.Visible() || c.Base() == m.Field("can").Base() {
			continue
		}
		is.True(len(query.Functions(c.Kind)) > 0)
		for _, f := range []query.Func{query.FuncGroup, query.FuncCount, query.FuncCountDistinct, query.FuncSum, query.FuncAvg, query.FuncMin, query.FuncMax} {
			known := strings.Contains(asText(query.Functions(c.Kind)), string(f)+`"`)
			_, err := query.ResolveAggregate(m, query.Query{}, query.Aggregate{Func: f, Field: c.JSON})
			is.Equal(err == nil, known)
		}
	}
	is.Equal(query.Functions(0), nil)
}

func asText(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// An aggregate of any words either resolves, to columns that may be seen, or is
// Malformed.
func FuzzResolveAggregate(f *testing.F) {
	for _, seed := range [][3]string{
		{"sum", "priority", ""}, {"group", "project.lead.email", ""}, {"group", "due_at", "month"}, {"count", "", ""}, {"group", "comments.text", "day"},
		{"avg", "hash", ""}, {"min", "project.secret", ""}, {"group", "...", "x"}, {"\x00", "a\xff.b", "\n"},
	} {
		f.Add(seed[0], seed[1], seed[2], "title.contains=x&limit=3")
	}
	f.Fuzz(func(t *testing.T, fn, field, unit, rest string) {
		values, _ := url.ParseQuery(rest)
		q, err := query.ParseURL(notesModel, values)
		if err != nil {
			q = query.Query{}
		}
		part := query.Aggregate{Func: query.Func(fn), Field: field, Unit: query.Unit(unit)}
		a, err := query.ResolveAggregate(notesModel, q, part, query.Count())
		if err != nil {
			if !joinery.IsKind(err, joinery.Malformed) || len(fields(t, err)) == 0 {
				t.Fatalf("%v is not Malformed", err)
			}
			return
		}
		for _, c := range append(a.Keys, a.Values...) {
			if c.Column != nil && !c.Column.Visible() || c.Column == nil && c.Func != query.FuncCount {
				t.Fatalf("%v resolves", c.Aggregate)
			}
			for _, rel := range c.Path {
				if rel.Many {
					t.Fatal("a key of many rows")
				}
			}
		}
		if (len(a.Keys) > 0) != (part.Func == query.FuncGroup) || a.Limit < 1 || a.Limit > query.MaxLimit || a.Shape() == "" {
			t.Fatalf("%+v", a)
		}
	})
}
