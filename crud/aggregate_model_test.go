package crud_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// Random aggregates over random rows answer what adding the rows up one by one
// in Go gives, on every database the same.
func TestAggregatesAgreeWithTheRows(t *testing.T) {
	t.Parallel()
	rounds := scale(t, "CRUD_AGGREGATES", 150)
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, ownersOnly{})
		r := rand.New(rand.NewPCG(1, 2))
		mine, foreign := s.shop(s.ann, s.bob, "mine"), s.shop(s.bob, s.bob, "foreign")
		var list []NewSale
		for range 400 {
			sale := randomSale(r)
			sale.ShopID = pick(r, nil, mine, foreign)
			list = append(list, sale)
		}
		s.sell(s.ann, list...)
		s.sell(s.bob, randomSale(r), randomSale(r))
		rows := collect(t, s.All(s.ann, query.Query{Include: []string{"shop"}}))
		s.Equal(len(rows), len(list))
		for range rounds {
			q, wanted := randomScope(r)
			parts := randomParts(r)
			var of []Sale
			for _, row := range rows {
				if wanted(row) {
					of = append(of, row)
				}
			}
			groups, err := s.Aggregate(s.ann, q, parts...)
			s.NoErr(err)
			got, want := asJSON(t, groups), asJSON(t, model(of, parts))
			if got != want {
				t.Fatalf("%v over %d rows:\n%s\nnot\n%s", parts, len(of), got, want)
			}
		}
	})
}

func collect(t *testing.T, all func(func(Sale, error) bool)) (rows []Sale) {
	for row, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func asJSON(t *testing.T, v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func pick[X any](r *rand.Rand, list ...X) X { return list[r.IntN(len(list))] }

func maybe[X any](r *rand.Rand, v X) *X { return pick(r, nil, &v) }

func randomSale(r *rand.Rand) NewSale {
	return NewSale{
		Amount: pick(r, r.Int64()/1000, -r.Int64()/1000, r.Int64N(5)), Amount0: maybe(r, r.Int32()),
		Price: fmt.Sprintf("%d.%02d", r.Int64N(9_999_999_999_999), r.IntN(100)), Price0: maybe(r, fmt.Sprintf("-%d.%04d", r.IntN(3), r.IntN(3))),
		Rate: float64(r.IntN(1<<20)) / 4, // sums are exact, whatever their order
		At:   time.UnixMicro(r.Int64N(4e15) - 2e15).UTC(), At0: maybe(r, time.UnixMicro(r.Int64N(1e14)).UTC()),
		Note: maybe(r, pick(r, "a", "B", "é")), Kind: pick[status](r, "open", "done"), Paid: r.IntN(2) == 0,
		Rights: pick(r, joinery.View, joinery.View|joinery.Edit), Tags: maybe(r, []string{"x"}),
	}
}

// randomScope is a filter, and what it means.
func randomScope(r *rand.Rand) (query.Query, func(Sale) bool) {
	switch r.IntN(4) {
	case 0:
		return query.Query{Filter: query.Eq("shop.name", "mine")}, func(s Sale) bool { return s.Shop != nil && s.Shop.Name == "mine" }
	case 1:
		n := r.Int64N(5)
		return query.Query{Filter: query.Lte("amount", n)}, func(s Sale) bool { return s.Amount <= n }
	case 2:
		return query.Query{Filter: query.And(query.Eq("kind", "open"), query.NotNull("note"))}, func(s Sale) bool { return s.Kind == "open" && s.Note != nil }
	}
	return query.Query{}, func(Sale) bool { return true }
}

func randomParts(r *rand.Rand) (parts []crud.Aggregate) {
	known := []crud.Aggregate{
		crud.Count(), crud.CountOf("note"), crud.CountOf("tags"), crud.CountDistinct("note"), crud.CountDistinct("rights"), crud.CountDistinct("price0"),
		crud.Sum("amount"), crud.Sum("amount0"), crud.Sum("price"), crud.Sum("price0"), crud.Sum("rate"),
		crud.Avg("amount"), crud.Avg("amount0"), crud.Avg("price"), crud.Avg("price0"), crud.Avg("rate"),
		crud.Min("amount"), crud.Max("amount0"), crud.Min("price"), crud.Max("price0"), crud.Max("rate"), crud.Min("at"), crud.Max("at0"), crud.Min("note"), crud.Max("note"),
	}
	keys := []crud.Aggregate{
		crud.GroupBy("note"), crud.GroupBy("kind"), crud.GroupBy("paid"), crud.GroupBy("rights"), crud.GroupBy("price0"),
		crud.GroupBy("at").By(crud.Year), crud.GroupBy("shop.name"), crud.GroupBy("at0").By(crud.Month),
	}
	r.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return append(append(parts, known[:1+r.IntN(6)]...), keys[:r.IntN(4)]...)
}

// model is the answer by other means: from the JSON of the rows.
func model(rows []Sale, parts []crud.Aggregate) []crud.Group {
	groups, order := map[string][]Sale{}, []string{}
	keys := map[string]crud.Group{}
	for _, row := range rows {
		var g crud.Group
		id := ""
		for _, part := range parts {
			if part.Func == query.FuncGroup {
				set(&g.Keys, part.Name(), keyOf(row, part))
				id += sortable(g.Keys[part.Name()])
			}
		}
		if _, known := groups[id]; !known {
			order = append(order, id)
			keys[id] = g
		}
		groups[id] = append(groups[id], row)
	}
	if len(order) == 0 && !grouped(parts) {
		order = append(order, "")
	}
	sort.Strings(order)
	answer := []crud.Group{}
	for _, id := range order {
		g := keys[id]
		for _, part := range parts {
			if part.Func != query.FuncGroup {
				set(&g.Values, part.Name(), computed(groups[id], part))
			}
		}
		answer = append(answer, g)
	}
	return answer
}

func grouped(parts []crud.Aggregate) bool {
	for _, part := range parts {
		if part.Func == query.FuncGroup {
			return true
		}
	}
	return false
}

func set(m *map[string]any, name string, v any) {
	if *m == nil {
		*m = map[string]any{}
	}
	(*m)[name] = v
}

// fieldOf is a field by its name in JSON, nil for null.
func fieldOf(row Sale, name string) any {
	v := reflect.ValueOf(row)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == name {
			f := v.Field(i)
			if f.Kind() == reflect.Pointer {
				if f.IsNil() {
					return nil
				}
				f = f.Elem()
			}
			return f.Interface()
		}
	}
	panic(name)
}

func keyOf(row Sale, part crud.Aggregate) any {
	if part.Field == "shop.name" {
		if row.Shop == nil {
			return nil
		}
		return row.Shop.Name
	}
	at, isTime := fieldOf(row, part.Field).(time.Time)
	switch {
	case isTime && part.Unit == crud.Year:
		return time.Date(at.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	case isTime:
		return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return fieldOf(row, part.Field)
}

// sortable is a key as text that sorts as the key does.
func sortable(key any) string {
	switch k := key.(type) {
	case nil:
		return "\x00\x00"
	case time.Time:
		return "\x01" + k.Format("2006-01-02") + "\x00"
	case string:
		if n, ok := new(big.Rat).SetString(k); ok {
			k = n.Add(n, big.NewRat(5000, 1)).FloatString(4)
		}
		return "\x01" + k + "\x00"
	case joinery.Actions:
		return fmt.Sprintf("\x01%03d\x00", k)
	}
	return fmt.Sprint("\x01", key, "\x00")
}

func computed(rows []Sale, part crud.Aggregate) any {
	if part.Field == "" {
		return len(rows)
	}
	var values []any
	distinct := map[string]bool{}
	for _, row := range rows {
		if v := fieldOf(row, part.Field); v != nil {
			values = append(values, v)
			distinct[fmt.Sprint(v)] = true
		}
	}
	switch {
	case part.Func == query.FuncCount:
		return len(values)
	case part.Func == query.FuncCountDistinct:
		return len(distinct)
	case len(values) == 0:
		return nil
	case part.Func == query.FuncSum, part.Func == query.FuncAvg:
		return total(values, part)
	}
	sort.Slice(values, func(i, j int) bool { return less(values[i], values[j]) })
	if part.Func == query.FuncMin {
		return values[0]
	}
	return values[len(values)-1]
}

func number(v any) *big.Rat {
	n, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		panic(v)
	}
	return n
}

func less(a, b any) bool {
	switch x := a.(type) {
	case time.Time:
		return x.Before(b.(time.Time))
	case string:
		if !strings.ContainsAny(x, ".") {
			return x < b.(string)
		}
	}
	return number(a).Cmp(number(b)) < 0
}

func total(values []any, part crud.Aggregate) any {
	sum, places := new(big.Rat), map[string]int{"price": 2, "price0": 4}[part.Field]
	for _, v := range values {
		sum.Add(sum, number(v))
	}
	if part.Func == query.FuncAvg {
		sum.Quo(sum, big.NewRat(int64(len(values)), 1))
		if places > 0 {
			return sum.FloatString(places + 4)
		}
		f, _ := sum.Float64()
		return f
	}
	if places > 0 {
		return sum.FloatString(places)
	}
	f, _ := sum.Float64()
	if part.Field == "rate" {
		return f
	}
	return sum.Num()
}
