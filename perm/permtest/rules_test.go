package permtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
)

// Leaflet has a column of every kind that a rule may look into.
type Leaflet struct {
	registry.Entity
	Status string         `json:"status"`
	Title  string         `json:"title" validate:"max=20"`
	Genre  string         `json:"genre" validate:"oneof=novel poem manual"`
	Score  int64          `json:"score"`
	Tiny   uint8          `json:"tiny"`
	Pages  *int64         `json:"pages"`
	Weight float64        `json:"weight"`
	Price  string         `json:"price" type:"decimal(12,2)"`
	Out    *time.Time     `json:"out"`
	Tags   []string       `json:"tags"`
	Meta   map[string]any `json:"meta"`
}

// halves are an Extra rule's SQL and Go.
type halves struct {
	sql func(alias string) registry.Sqlizer
	go_ func(registry.Row) bool
}

func never(registry.Row) bool { return false }

func text(r registry.Row, column string) string {
	s, _ := r.Value(column).(string)
	return s
}

func number(r registry.Row, column string) int64 {
	n, _ := r.Value(column).(int64)
	return n
}

var someDay = time.Date(2019, 5, 6, 7, 8, 9, 0, time.UTC)

// differing are rules whose halves differ, by what is wrong with them.
func differing() map[string]halves {
	type row = registry.Row
	return map[string]halves{
		"text": {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".status": "published"} }, never},
		"in":   {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".status": []string{"open", "published"}} }, never},
		"text in the SQL": {func(al string) registry.Sqlizer { return squirrel.Expr(al + ".status = 'it''s out'") }, func(r row) bool {
			return text(r, "status") == "its out"
		}},
		"large":    {func(al string) registry.Sqlizer { return squirrel.Gt{al + ".score": 10} }, never},
		"negative": {func(al string) registry.Sqlizer { return squirrel.Lt{al + ".score": 0} }, never},
		"far":      {func(al string) registry.Sqlizer { return squirrel.Expr(al + ".score > 123456") }, never},
		"boundary": {func(al string) registry.Sqlizer { return squirrel.Gt{al + ".pages": 100} }, func(r row) bool { return number(r, "pages") >= 100 }},
		"tiny":     {func(al string) registry.Sqlizer { return squirrel.Gt{al + ".tiny": 254} }, never},
		"null":     {func(al string) registry.Sqlizer { return squirrel.NotEq{al + ".pages": 3} }, func(r row) bool { return number(r, "pages") != 3 }},
		"inside": {func(al string) registry.Sqlizer { return squirrel.Like{al + ".title": "%public%"} }, func(r row) bool {
			return strings.HasPrefix(strings.ToLower(text(r, "title")), "public")
		}},
		"case": {func(al string) registry.Sqlizer { return squirrel.Like{al + ".title": "public%"} }, func(r row) bool {
			return strings.HasPrefix(text(r, "title"), "public")
		}},
		"wildcards": {func(al string) registry.Sqlizer { return squirrel.Like{al + ".title": "v_.%.md"} }, never},
		"enum":      {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".genre": "poem"} }, func(r row) bool { return text(r, "genre") != "novel" }},
		"float":     {func(al string) registry.Sqlizer { return squirrel.Gt{al + ".weight": 70.5} }, never},
		"decimal":   {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".price": "19.90"} }, never},
		"time":      {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".out": someDay} }, never},
		"since": {func(al string) registry.Sqlizer { return squirrel.GtOrEq{al + ".out": someDay} }, func(r row) bool {
			t, ok := r.Value("out").(time.Time)
			return ok && t.After(someDay)
		}},
		"list":     {func(al string) registry.Sqlizer { return squirrel.Expr(al + ".tags <> '[]'") }, never},
		"in list":  {func(al string) registry.Sqlizer { return squirrel.Expr(al+".tags LIKE ?", `%"public"%`) }, never},
		"in a map": {func(al string) registry.Sqlizer { return squirrel.Expr(al + ".meta <> '{}'") }, never},
		"other column": {func(al string) registry.Sqlizer { return squirrel.Eq{al + ".status": "published"} }, func(r row) bool {
			return text(r, "title") == "published"
		}},
		"SQL that is none": {func(al string) registry.Sqlizer { return squirrel.Expr(al + ".score = (") }, never},
		"panics": {func(al string) registry.Sqlizer { return squirrel.Gt{al + ".pages": 3} }, func(r row) bool {
			return r.Value("pages").(int64) > 3
		}},
	}
}

// leaflets registers Leaflet with the rule.
func leaflets(name string, h halves) func(*registry.Registry) error {
	x := registry.Extra{
		Name: name, Actions: joinery.View | joinery.Copy,
		SQL: func(alias string, _ joinery.Actor) registry.Sqlizer { return h.sql(alias) },
		Go:  func(_ joinery.Actor, r registry.Row) bool { return h.go_(r) },
	}
	return func(reg *registry.Registry) error {
		_, err := registry.Add[Leaflet](reg, registry.WithTable(registry.Table{Policy: registry.Policy{Extra: []registry.Extra{x}}}))
		return err
	}
}

// witness is a test that remembers how it failed.
type witness struct {
	testing.TB
	failed string
}

func (w *witness) Errorf(format string, args ...any) { w.failed += fmt.Sprintf(format, args...) }

func TestRulesWhoseHalvesDiffer(t *testing.T) {
	t.Parallel()
	for name, h := range differing() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &witness{TB: t}
			permtest.Entities(w, 600, leaflets(name, h))
			for _, want := range []string{fmt.Sprintf("the rule %q of leaflets", name), "seed "} {
				if !strings.Contains(w.failed, want) {
					t.Fatalf("want %s in:\n%s", want, w.failed)
				}
			}
		})
	}
}

// agreeing are rules whose halves say the same at all values that are drawn.
func agreeing() map[string]halves {
	all := differing()
	type row = registry.Row
	return map[string]halves{
		"text":     {all["text"].sql, func(r row) bool { return text(r, "status") == "published" }},
		"boundary": {all["boundary"].sql, func(r row) bool { return number(r, "pages") > 100 }},
		"inside":   {all["inside"].sql, func(r row) bool { return strings.Contains(strings.ToLower(text(r, "title")), "public") }},
		"tiny":     {all["tiny"].sql, func(r row) bool { return number(r, "tiny") > 254 }},
		"float": {all["float"].sql, func(r row) bool {
			f, _ := r.Value("weight").(float64)
			return f > 70.5
		}},
		"decimal": {all["decimal"].sql, func(r row) bool { return text(r, "price") == "19.90" }},
		"since": {all["since"].sql, func(r row) bool {
			t, ok := r.Value("out").(time.Time)
			return ok && !t.Before(someDay)
		}},
		"list": {all["list"].sql, func(r row) bool { return len(r.Value("tags").([]string)) > 0 }},
	}
}

func TestRulesWhoseHalvesAgree(t *testing.T) {
	t.Parallel()
	for name, h := range agreeing() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permtest.Entities(t, 50, leaflets(name, h))
		})
	}
}

func TestADisagreementShowsTheValues(t *testing.T) {
	t.Parallel()
	w := &witness{TB: t}
	permtest.Entities(w, 600, leaflets("boundary", differing()["boundary"]))
	if !strings.Contains(w.failed, "leaflets-") || !strings.Contains(w.failed, " pages=100") || strings.Contains(w.failed, "weight=") {
		t.Errorf("want pages=100, which decides, and no weight in:\n%s", w.failed)
	}
}

func TestAPanicShowsTheRow(t *testing.T) {
	t.Parallel()
	w := &witness{TB: t}
	permtest.Entities(w, 600, leaflets("panics", differing()["panics"]))
	for _, want := range []string{"its Go panics: interface conversion", "rules_test.go:", "on the row\n  leaflets leaflets-"} {
		if !strings.Contains(w.failed, want) {
			t.Errorf("want %q in:\n%s", want, w.failed)
		}
	}
}

func TestTablesWithLongNames(t *testing.T) {
	t.Parallel()
	for _, n := range []int{14, 15, 16, 30, 60} {
		permtest.Entities(t, 30, func(reg *registry.Registry) error {
			_, err := registry.Add[Leaflet](reg, registry.WithTable(registry.Table{Name: strings.Repeat("x", n)}))
			return err
		})
	}
}

func TestIDsOfLongNames(t *testing.T) {
	t.Parallel()
	seen := map[uuid.UUID]string{}
	for _, table := range []string{"purchase_orders", "purchase_order_lines", "purchase_order_lists"} {
		for n := range 200 {
			name := fmt.Sprintf("%s-%d", table, n)
			id := permtest.ID(name)
			if other, taken := seen[id]; taken {
				t.Errorf("%s and %s have the id %s", name, other, permtest.Name(id))
			}
			seen[id] = name
			if said := permtest.Name(id); !strings.HasSuffix(said, fmt.Sprint(n)) || len(name) <= 16 && said != name {
				t.Errorf("%s is called %s", name, said)
			}
		}
	}
}
