package query_test

import (
	"encoding/json"
	"fmt"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Parts say what to compute and what to group by; a group answers by the same
// parts, or by their names in JSON.
func ExampleAggregate() {
	total, status, month := query.Sum("priority"), query.GroupBy("status"), query.GroupBy("created_at").By(query.Month)
	fmt.Println(total.Name(), status.Name(), month.Name())
	fmt.Println(query.Count().Name(), query.CountOf("due_at").Name(), query.CountDistinct("status").Name())
	fmt.Println(query.Avg("priority").Name(), query.Min("due_at").Name(), query.Max("due_at").Name())

	g := query.Group{Keys: map[string]any{"status": "open"}, Values: map[string]any{"priority.sum": int64(12)}}
	n, ok := query.ValueOf[int64](g, total)
	fmt.Println(n, ok, g.Value(status))
	data, _ := json.Marshal(g)
	fmt.Println(string(data))
	// Output:
	// priority.sum status created_at
	// count due_at.count status.count_distinct
	// priority.avg due_at.min due_at.max
	// 12 true open
	// {"keys":{"status":"open"},"values":{"priority.sum":12}}
}

// A query is checked against the model before anything is asked of a database.
func ExampleResolveAggregate() {
	reg := registry.New(nil)
	tasks := registry.MustAdd[Task](reg)
	if err := reg.Validate(); err != nil {
		panic(err)
	}
	a, err := query.ResolveAggregate(tasks, query.Query{Filter: query.Gte("priority", 3)}, query.Max("priority"), query.GroupBy("title"))
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Values[0].Func, a.Values[0].Column.Name, "by", a.Keys[0].Column.Name)
	_, err = query.ResolveAggregate(tasks, query.Query{}, query.Sum("title"))
	fmt.Println(err)
	// Output:
	// max priority by title
	// malformed (bad_query): title.sum: has no function "sum"; title has group, count, count_distinct, min, max
}

// Which functions a field has depends on its kind.
func ExampleFunctions() {
	fmt.Println(query.Functions(registry.Time))
	// Output: [group count count_distinct min max]
}
