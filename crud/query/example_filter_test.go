package query_test

import (
	"errors"
	"fmt"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Conditions are values: made, combined and passed on before anything is asked
// of a database, which checks them against the model.
func ExampleFilter() {
	notes := library()
	open := query.And(query.Ne("status", "done"), query.Or(query.IsNull("due_at"), query.Gt("due_at", "2026-11-23T00:00:00Z")))
	big := query.And(query.In("priority", 4, 5), query.NotNull("project_id"), query.Contains("title", "ship"))
	small := query.And(query.Lt("priority", 3), query.Lte("score", 0.5), query.Eq("project.name", "Harbor"))
	for _, f := range []query.Filter{open, big, small, query.Not(open)} {
		r, err := query.Resolve(notes, query.Query{Filter: f})
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(r.Filter.Op, len(r.Filter.Nodes))
	}
	_, err := query.Resolve(notes, query.Query{Filter: query.Gt("done", true)})
	var bad *joinery.Error
	if errors.As(err, &bad) {
		fmt.Println(bad.Fields[0].Parameter, bad.Fields[0].Message)
	}
	// Output:
	// and 2
	// and 3
	// and 3
	// not 1
	// done.gt has no operator "gt"; done has eq, ne, in, null
}

// What a model offers to ask for, as a document of an API would tell it.
func ExampleSorts() {
	fmt.Println(query.Sorts(library()))
	fmt.Println(query.Operators(registry.Bool))
	fmt.Println(query.Operators(registry.Time))
	// Output:
	// [id title subtitle priority score price done due_at project_id status,-priority]
	// [eq ne in null]
	// [eq ne in lt lte gt gte before after on null]
}

// A service of an app's own takes the options that a manager's Get takes.
func ExampleResolveGet() {
	get := func(opts ...query.GetOption) {
		r, err := query.ResolveGet(library(), opts...)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, c := range r.Fields {
			fmt.Print(c.Name, " ")
		}
		fmt.Println("and", len(r.Include), "relation")
	}
	get(query.Fields("title", "status"), query.Include("project"))
	// Output:
	// title status and 1 relation
}

// A list of an app's own ends a page with the cursor of its last row, which the
// caller sends to have the next.
func ExampleEncodeCursor() {
	notes := library()
	q := query.Query{Sort: []string{"-priority"}, Limit: 2}
	first, err := query.Resolve(notes, q)
	if err != nil {
		panic(err)
	}
	last := Note{Title: "Ship it", Priority: 5}
	var key []any
	for _, s := range first.Sort { // priority, and the id, which makes it unique
		key = append(key, notes.RowOf(&last).Value(s.Column.Name))
	}
	q.After = query.EncodeCursor(first, key)
	next, err := query.Resolve(notes, q)
	fmt.Println(next.Cursor, err)
	q.Sort = []string{"title"} // a cursor is good for its own query alone
	_, err = query.Resolve(notes, q)
	fmt.Println(joinery.KindOf(err))
	// Output:
	// [5 00000000-0000-0000-0000-000000000000] <nil>
	// malformed
}

// library is the model of notes, with the models that they refer to.
func library() *registry.Model {
	reg := registry.New(nil)
	notes := registry.MustAdd[Note](reg)
	registry.MustAdd[Project](reg)
	registry.MustAdd[Person](reg)
	registry.MustAdd[Comment](reg)
	if err := reg.Validate(); err != nil {
		panic(err)
	}
	return notes
}
