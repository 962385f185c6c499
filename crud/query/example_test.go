package query_test

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

type Task struct {
	registry.Entity
	Title    string `json:"title" sortable:"true"`
	Priority int    `json:"priority" sortable:"true"`
}

func Example() {
	reg := registry.New(nil)
	tasks := registry.MustAdd[Task](reg)
	if err := reg.Validate(); err != nil {
		panic(err)
	}

	// From a URL, from a JSON body, or in Go: one query.
	values, _ := url.ParseQuery("title.icontains=ship&priority.gte=3&sort=-priority&limit=20")
	fromURL, _ := query.ParseURL(tasks, values)
	fromJSON, _ := query.ParseJSON(tasks, []byte(`{
		"filter": {"title": {"icontains": "ship"}, "priority": {"gte": 3}}, "sort": ["-priority"], "limit": 20}`))
	fromGo := query.Query{
		Filter: query.And(query.Gte("priority", 3), query.Where("title", query.OpIContains, "ship")),
		Sort:   []string{"-priority"},
		Limit:  20,
	}
	for _, q := range []query.Query{fromURL, fromJSON, fromGo} {
		r, err := query.Resolve(tasks, q)
		if err != nil {
			panic(err)
		}
		for _, n := range r.Filter.Nodes {
			fmt.Print(n.Column.Name, " ", n.Op, " ", n.Value, "; ")
		}
		fmt.Println("by", r.Sort[0].Column.Name, r.Sort[1].Column.Name, "limit", r.Limit)
	}

	// What is wrong comes with its place.
	_, err := query.ParseURL(tasks, url.Values{"priority.gte": {"high"}, "sort": {"created_at"}})
	var bad *joinery.Error
	if errors.As(err, &bad) {
		for _, f := range bad.Fields {
			fmt.Println(f.Parameter, f.Message)
		}
	}
	// Output:
	// priority gte 3; title icontains ship; by priority id limit 20
	// priority gte 3; title icontains ship; by priority id limit 20
	// priority gte 3; title icontains ship; by priority id limit 20
	// priority.gte must be a whole number from -9223372036854775808 to 9223372036854775807
	// sort does not sort by "created_at"; it sorts by id, title, priority
}

// A server narrows what a client asks for without touching the client's limits.
func ExampleQuery_Within() {
	client := query.Query{Filter: query.Contains("title", "ship")}
	q := client.Within(query.Gte("priority", 3))
	fmt.Println(q.Filter.Op, len(q.Filter.Filters))
	// Output: and 2
}

func ExampleOpt() {
	change := struct {
		Title query.Opt[string]
		DueAt query.Opt[string]
		Note  query.Opt[string]
	}{Title: query.Set("Ship it"), DueAt: query.Null[string]()}

	title, ok := change.Title.Get()
	fmt.Println(title, ok)
	fmt.Println(change.DueAt.IsSet(), change.DueAt.IsNull())
	fmt.Println(change.Note.IsSet())
	// Output:
	// Ship it true
	// true true
	// false
}
