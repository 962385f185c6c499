package crud_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

type (
	City struct {
		crud.Entity
		Name string `json:"name"`
	}
	NewCity struct {
		Name string `json:"name"`
	}
	Shop struct {
		crud.Entity
		crud.SoftDelete
		Name   string              `json:"name"`
		CityID *registry.Ref[City] `json:"city_id" ref:"cities"`
		City   *City               `json:"city,omitzero" rel:"city_id"`
		Sales  []Sale              `json:"sales,omitzero" rel:"sales.shop_id"`
	}
	NewShop struct {
		Name   string              `json:"name"`
		CityID *registry.Ref[City] `json:"city_id"`
	}
	Sale struct {
		crud.Entity
		crud.SoftDelete
		Amount  int64               `json:"amount"`
		Amount0 *int32              `json:"amount0"`
		Price   string              `json:"price" type:"decimal(15,2)" default:"0"`
		Price0  *string             `json:"price0" type:"decimal(12,4)"`
		Rate    float64             `json:"rate"`
		At      time.Time           `json:"at"`
		At0     *time.Time          `json:"at0"`
		Note    *string             `json:"note"`
		Kind    status              `json:"kind" validate:"oneof=open done" default:"open"`
		Paid    bool                `json:"paid"`
		Rights  joinery.Actions     `json:"rights"`
		Tags    *[]string           `json:"tags"`
		Pin     string              `json:"pin" api:"writeonly"`
		Hash    string              `json:"-" api:"hidden"`
		ShopID  *registry.Ref[Shop] `json:"shop_id" ref:"shops"`
		Shop    *Shop               `json:"shop,omitzero" rel:"shop_id"`
	}
	NewSale struct {
		Amount  int64               `json:"amount"`
		Amount0 *int32              `json:"amount0"`
		Price   string              `json:"price"`
		Price0  *string             `json:"price0"`
		Rate    float64             `json:"rate"`
		At      time.Time           `json:"at"`
		At0     *time.Time          `json:"at0"`
		Note    *string             `json:"note"`
		Kind    status              `json:"kind"`
		Paid    bool                `json:"paid"`
		Rights  joinery.Actions     `json:"rights"`
		Tags    *[]string           `json:"tags"`
		ShopID  *registry.Ref[Shop] `json:"shop_id"`
	}
)

type sales struct {
	*app
	cities *crud.Manager[City, NewCity, struct{}]
	shops  *crud.Manager[Shop, NewShop, struct{}]
	*crud.Manager[Sale, NewSale, struct{}]
}

func newSales(t *testing.T, db *sqldb.DB, access crud.Access) *sales {
	t.Helper()
	s := &sales{}
	newAppWith(t, db, access, func(a *app) {
		if access == nil {
			access = crud.Unrestricted
		}
		var err error
		s.app = a
		s.cities, err = crud.New[City, NewCity, struct{}](a.reg, db, access, nil)
		a.NoErr(err)
		s.shops, err = crud.New[Shop, NewShop, struct{}](a.reg, db, access, nil)
		a.NoErr(err)
		s.Manager, err = crud.New[Sale, NewSale, struct{}](a.reg, db, access, nil)
		a.NoErr(err)
	})
	return s
}

// shop makes a shop of who, in a city of whose.
func (s *sales) shop(who, whose context.Context, name string) *registry.Ref[Shop] {
	city, err := s.cities.Create(whose, NewCity{Name: "in " + name})
	s.NoErr(err)
	shop, err := s.shops.Create(who, NewShop{Name: name, CityID: ptr(registry.Ref[City](city.ID))})
	s.NoErr(err)
	return ptr(registry.Ref[Shop](shop.ID))
}

func (s *sales) sell(who context.Context, list ...NewSale) {
	for i := range list {
		if list[i].Price == "" {
			list[i].Price = "0"
		}
	}
	_, err := s.CreateMany(who, list)
	s.NoErr(err)
}

// answer is an aggregate as JSON.
func (s *sales) answer(who context.Context, q query.Query, parts ...crud.Aggregate) string {
	groups, err := s.Aggregate(who, q, parts...)
	s.NoErr(err)
	data, err := json.Marshal(groups)
	s.NoErr(err)
	return string(data)
}

func TestAggregatesOfNoRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		parts := []crud.Aggregate{
			crud.Count(), crud.CountOf("note"), crud.CountDistinct("kind"), crud.Sum("amount"), crud.Sum("price"), crud.Sum("rate"),
			crud.Avg("amount"), crud.Avg("price"), crud.Avg("rate"), crud.Min("at"), crud.Max("note"),
		}
		s.Equal(s.answer(s.ann, query.Query{}, parts...), `[{"values":{"amount.avg":null,"amount.sum":null,"at.min":null,"count":0,"kind.count_distinct":0,`+
			`"note.count":0,"note.max":null,"price.avg":null,"price.sum":null,"rate.avg":null,"rate.sum":null}}]`)
		s.Equal(s.answer(s.ann, query.Query{}, append(parts, crud.GroupBy("kind"))...), `[]`)
		s.sell(s.ann, NewSale{})
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount0"), crud.Avg("price0"), crud.Max("at0"), crud.CountOf("amount0")),
			`[{"values":{"amount0.count":0,"amount0.sum":null,"at0.max":null,"price0.avg":null}}]`)
	})
}

func TestAggregatesHaveTypes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		at := time.Date(2026, 2, 28, 23, 59, 59, 999999000, time.UTC)
		s.sell(s.ann,
			NewSale{Amount: 1, Amount0: ptr[int32](-7), Price: "0.10", Price0: ptr("-1.5"), Rate: 0.5, At: at, Note: ptr("b"), Paid: true, Rights: joinery.View},
			NewSale{Amount: 2, Price: "0.20", Rate: 1, At: at.Add(time.Microsecond), Note: ptr("B")},
			NewSale{Amount: 4, Price: "1000000.00", At: time.Date(1969, 7, 20, 0, 0, 0, 1000, time.UTC), Note: ptr("B")})
		groups, err := s.Aggregate(s.ann, query.Query{}, crud.Sum("amount"), crud.Sum("price"), crud.Sum("price0"), crud.Sum("rate"), crud.Avg("amount"),
			crud.Avg("price"), crud.Avg("rate"), crud.Min("at"), crud.Max("at"), crud.Min("note"), crud.Max("price"), crud.Min("amount0"), crud.Count(), crud.CountDistinct("note"))
		s.NoErr(err)
		s.Equal(len(groups), 1)
		for part, want := range map[crud.Aggregate]any{
			crud.Sum("amount"): int64(7), crud.Sum("price"): "1000000.30", crud.Sum("price0"): "-1.5000", crud.Sum("rate"): 1.5,
			crud.Avg("amount"): 7.0 / 3, crud.Avg("price"): "333333.433333", crud.Avg("rate"): 0.5,
			crud.Min("at"): time.Date(1969, 7, 20, 0, 0, 0, 1000, time.UTC), crud.Max("at"): at.Add(time.Microsecond),
			crud.Min("note"): "B", crud.Max("price"): "1000000.00", crud.Min("amount0"): int64(-7),
			crud.Count(): int64(3), crud.CountDistinct("note"): int64(2),
		} {
			if got := groups[0].Value(part); got != want {
				t.Errorf("%s is %v (%T), not %v (%T)", part.Name(), got, got, want, want)
			}
		}
		n, ok := query.ValueOf[int64](groups[0], crud.Sum("amount"))
		s.True(ok && n == 7)
		_, ok = query.ValueOf[int64](groups[0], crud.Sum("price"))
		s.True(!ok)

		groups, err = s.Aggregate(s.ann, query.Query{}, crud.GroupBy("paid"), crud.GroupBy("rights"), crud.GroupBy("amount0"), crud.GroupBy("kind"), crud.GroupBy("id"))
		s.NoErr(err)
		s.Equal(len(groups), 3)
		keys := groups[2].Keys
		_, isID := keys["id"].(uuid.UUID)
		s.True(isID && groups[2].Values == nil)
		s.Equal([]any{keys["paid"], keys["rights"], keys["amount0"], keys["kind"]}, []any{true, joinery.View, int64(-7), "open"})
	})
}

func TestSumsBeyond64BitsAreErrors(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		s.sell(s.ann, NewSale{Amount: math.MaxInt64}, NewSale{Amount: math.MaxInt64}, NewSale{Amount: -math.MaxInt64}, NewSale{Amount: math.MinInt64, Kind: "done"})
		// On the way the sum is beyond 64 bits, in the end it is not.
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount"), crud.Avg("amount")), `[{"values":{"amount.avg":-0.25,"amount.sum":-1}}]`)
		open := query.Query{Filter: query.Eq("kind", "open")}
		s.Equal(s.answer(s.ann, open, crud.Sum("amount")), `[{"values":{"amount.sum":9223372036854775807}}]`)
		s.sell(s.ann, NewSale{Amount: 1})
		_, err := s.Aggregate(s.ann, open, crud.Sum("amount"))
		s.True(joinery.IsKind(err, joinery.Invalid))
		s.Equal(parameters(err), "amount.sum out_of_range")
		s.Equal(s.answer(s.ann, open, crud.Avg("amount")), `[{"values":{"amount.avg":2305843009213694000}}]`)
	})
}

func TestFloatSumsBeyondTheRangeAreErrors(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		s.sell(s.ann, NewSale{Rate: math.MaxFloat64}, NewSale{Rate: math.MaxFloat64}, NewSale{Rate: math.Copysign(0, -1), Paid: true})
		for _, part := range []crud.Aggregate{crud.Sum("rate"), crud.Avg("rate")} {
			_, err := s.Aggregate(s.ann, query.Query{}, crud.Count(), part)
			s.True(joinery.IsKind(err, joinery.Invalid))
			s.Equal(parameters(err), part.Name()+" out_of_range")
		}
		s.Equal(s.answer(s.ann, query.Query{Filter: query.Eq("paid", true)}, crud.GroupBy("rate"), crud.Min("rate")), `[{"keys":{"rate":0},"values":{"rate.min":0}}]`)
	})
}

// Sums of decimals are exact on databases, too, that keep floats.
func TestDecimalSumsAreExact(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		list := make([]NewSale, 0, 1000)
		for range 499 {
			list = append(list, NewSale{Price: "9999999999999.99"}, NewSale{Price: "0.01"})
		}
		s.sell(s.ann, append(list, NewSale{Price: "-0.03"})...)
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("price"), crud.Avg("price")), `[{"values":{"price.avg":"4994994994994.994965","price.sum":"4989999999999999.97"}}]`)
		s.Equal(s.answer(s.ann, query.Query{}, crud.GroupBy("price"), crud.Count()),
			`[{"keys":{"price":"-0.03"},"values":{"count":1}},{"keys":{"price":"0.01"},"values":{"count":499}},{"keys":{"price":"9999999999999.99"},"values":{"count":499}}]`)
	})
}

func TestGroupsByTime(t *testing.T) {
	t.Parallel()
	var ats []time.Time
	for _, text := range []string{
		"2026-12-31T23:59:59.999999Z", "2027-01-01T00:00:00Z", "2024-02-29T12:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z",
		"1969-12-31T00:00:00Z", "0001-01-01T00:00:00Z", "0001-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", "1582-10-10T01:02:03.000001Z",
		"2026-03-29T02:30:00+02:00", "2026-10-31T23:30:00-05:00",
	} {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		ats = append(ats, at.UTC())
	}
	begins := map[query.Unit]func(t time.Time) time.Time{
		crud.Day:   func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) },
		crud.Month: func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) },
		crud.Year:  func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC) },
	}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		for _, at := range ats {
			s.sell(s.ann, NewSale{At: at, At0: &at})
		}
		s.sell(s.ann, NewSale{At: ats[0]})
		for unit, begin := range begins {
			groups, err := s.Aggregate(s.ann, query.Query{Filter: query.NotNull("at0")}, crud.GroupBy("at0").By(unit), crud.Min("at"), crud.Max("at"), crud.Count())
			s.NoErr(err)
			want := map[time.Time]int64{}
			for _, at := range ats {
				want[begin(at)]++
			}
			last := time.Time{}.Add(-1)
			for _, g := range groups {
				key := g.Keys["at0"].(time.Time)
				n, _ := query.ValueOf[int64](g, crud.Count())
				least, _ := query.ValueOf[time.Time](g, crud.Min("at"))
				most, _ := query.ValueOf[time.Time](g, crud.Max("at"))
				s.Equal(n, want[key])
				s.True(key.After(last) && begin(least) == key && begin(most) == key)
				last = key
			}
			s.Equal(len(groups), len(want))
		}
		groups, err := s.Aggregate(s.ann, query.Query{}, crud.GroupBy("at0").By(crud.Year))
		s.NoErr(err)
		s.True(groups[0].Keys["at0"] == nil)
	})
}

// What the actor may not see is neither counted nor a key: a sale in a shop of
// somebody else is as one in no shop.
func TestAggregatesSeeWhatTheActorSees(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, ownersOnly{})
		mine, strange, foreign := s.shop(s.ann, s.ann, "mine"), s.shop(s.ann, s.bob, "strange"), s.shop(s.bob, s.ann, "foreign")
		s.sell(s.ann, NewSale{Amount: 1, ShopID: mine}, NewSale{Amount: 2, ShopID: mine}, NewSale{Amount: 4, ShopID: strange},
			NewSale{Amount: 8, ShopID: foreign}, NewSale{Amount: 16})
		s.sell(s.bob, NewSale{Amount: 32, ShopID: mine}, NewSale{Amount: 64})
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount"), crud.Count()), `[{"values":{"amount.sum":31,"count":5}}]`)
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount"), crud.GroupBy("shop.name")),
			`[{"keys":{"shop.name":null},"values":{"amount.sum":24}},{"keys":{"shop.name":"mine"},"values":{"amount.sum":3}},{"keys":{"shop.name":"strange"},"values":{"amount.sum":4}}]`)
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount"), crud.GroupBy("shop.city.name")), // through a foreign shop nothing is seen
			`[{"keys":{"shop.city.name":null},"values":{"amount.sum":28}},{"keys":{"shop.city.name":"in mine"},"values":{"amount.sum":3}}]`)
		both := `[{"keys":{"shop.city.name":null,"shop.name":null},"values":{"count":2}},{"keys":{"shop.city.name":"in mine","shop.name":"mine"},"values":{"count":2}},` +
			`{"keys":{"shop.city.name":null,"shop.name":"strange"},"values":{"count":1}}]`
		s.Equal(s.answer(s.ann, query.Query{}, crud.GroupBy("shop.name"), crud.GroupBy("shop.city.name"), crud.Count()), both)
		// A filter through the same relation, with values before and after.
		q := query.Query{Filter: query.And(query.Gte("amount", 2), query.Eq("shop.name", "mine"), query.Lt("amount", 100))}
		s.Equal(s.answer(s.ann, q, crud.GroupBy("shop.city.name"), crud.Count()), `[{"keys":{"shop.city.name":"in mine"},"values":{"count":1}}]`)

		row, err := s.shops.Get(s.ann, mine.UUID())
		s.NoErr(err)
		_, err = s.db.Exec(s.ann, sqldb.Raw("UPDATE shops SET deleted_at = created_at WHERE id = ?", row.ID))
		s.NoErr(err) // deleted, it is no key either
		s.Equal(s.answer(s.ann, query.Query{}, crud.Sum("amount"), crud.GroupBy("shop.name")),
			`[{"keys":{"shop.name":null},"values":{"amount.sum":27}},{"keys":{"shop.name":"strange"},"values":{"amount.sum":4}}]`)
	})
}

func TestAggregatesOfDeletedRowsAreRoots(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		s.sell(s.ann, NewSale{Amount: 1}, NewSale{Amount: 2})
		page, err := s.List(s.ann, query.Query{Filter: query.Eq("amount", 2)})
		s.NoErr(err)
		s.NoErr(s.Delete(s.ann, page.Items[0].ID, 1))
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		s.Equal(s.answer(root, query.Query{}, crud.Sum("amount")), `[{"values":{"amount.sum":1}}]`)
		s.Equal(s.answer(root, query.Query{Deleted: true}, crud.Sum("amount")), `[{"values":{"amount.sum":3}}]`)
		_, err = s.Aggregate(s.ann, query.Query{Deleted: true}, crud.Sum("amount"))
		s.True(joinery.IsKind(err, joinery.Forbidden))
		_, err = s.Aggregate(t.Context(), query.Query{}, crud.Sum("amount"))
		s.True(joinery.IsKind(err, joinery.Unauthenticated))
	})
}

func TestMoreGroupsThanAllowedIsAnError(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		list := make([]NewSale, 1000)
		for i := range list {
			list[i].Amount = int64(i)
		}
		s.sell(s.ann, list...)
		groups, err := s.Aggregate(s.ann, query.Query{}, crud.GroupBy("amount"))
		s.NoErr(err)
		s.Equal(len(groups), 1000)
		for i, g := range groups {
			s.Equal(g.Keys["amount"], int64(i))
		}
		s.sell(s.ann, NewSale{Amount: 1000})
		_, err = s.Aggregate(s.ann, query.Query{}, crud.GroupBy("amount"))
		s.True(joinery.IsKind(err, joinery.Malformed))
		s.Equal(parameters(err), "limit too_many_groups")
		two := query.Query{Limit: 2, Filter: query.Lt("amount", 2)}
		groups, err = s.Aggregate(s.ann, two, crud.GroupBy("amount"))
		s.NoErr(err)
		s.Equal(len(groups), 2)
		two.Filter = query.Lt("amount", 3) // the same text with other values
		_, err = s.Aggregate(s.ann, two, crud.GroupBy("amount"))
		s.Equal(parameters(err), "limit too_many_groups")
		s.Equal(s.answer(s.ann, query.Query{Limit: 1}, crud.Count()), `[{"values":{"count":1001}}]`)
	})
}

// One statement, whatever is asked for, and nothing is built twice for the same
// shape.
func TestAnAggregateIsOneStatement(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, ownersOnly{})
		s.sell(s.ann, NewSale{Amount: 1, ShopID: s.shop(s.ann, s.ann, "x")})
		before := db.Stats().Statements
		s.answer(s.ann, query.Query{Filter: query.Eq("shop.city.name", "in x")}, crud.Avg("price"), crud.Sum("rate"), crud.GroupBy("shop.name"), crud.GroupBy("shop.city.name"))
		s.Equal(db.Stats().Statements-before, int64(1))
	})
}

// Columns of existing tables may fold case: groups are by code point all the same.
func TestGroupsByTextAreByCodePoint(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSales(t, db, nil)
		s.NoErr(sqldb.ExecAll(t.Context(), db, map[string][]string{
			"sqlite": {"ALTER TABLE sales DROP COLUMN note", "ALTER TABLE sales ADD COLUMN note TEXT COLLATE NOCASE"},
			"postgres": {"CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
				"ALTER TABLE sales ALTER COLUMN note TYPE text COLLATE nocase"},
			"mariadb": {"ALTER TABLE sales MODIFY note longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL"},
		}[db.Dialect().Name()]))
		for _, note := range []string{"b", "B", "", " ", "ä", "a", "A", "a "} {
			s.sell(s.ann, NewSale{Note: &note})
		}
		s.sell(s.ann, NewSale{})
		groups, err := s.Aggregate(s.ann, query.Query{}, crud.GroupBy("note"))
		s.NoErr(err)
		var notes []any
		for _, g := range groups {
			notes = append(notes, g.Keys["note"])
		}
		s.Equal(notes, []any{nil, "", " ", "A", "B", "a", "a ", "b", "ä"})
		s.Equal(s.answer(s.ann, query.Query{}, crud.CountDistinct("note"), crud.Min("note"), crud.Max("note")),
			`[{"values":{"note.count_distinct":8,"note.max":"ä","note.min":""}}]`)
	})
}

// parameters are the places and codes of an error's fields.
func parameters(err error) string {
	var e *joinery.Error
	if !errors.As(err, &e) {
		return ""
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Parameter+f.Pointer+" "+f.Code)
	}
	return strings.Join(list, ", ")
}
