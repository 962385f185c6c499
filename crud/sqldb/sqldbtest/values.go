package sqldbtest

import (
	"database/sql/driver"
	"encoding/json"
	"math"
	"reflect"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

var values = []test{
	{"null order", nullOrder},
	{"bool", bools},
	{"int64 limits", ints},
	{"float", floats},
	{"decimal", decimals},
	{"time precision", times},
	{"time zones", timeZones},
	{"uuid", uuids},
	{"references", references},
	{"actions", actions},
	{"JSON", jsons},
	{"JSON as text", jsonText},
	{"bytes", blobs},
	{"NULL where it cannot go", nulls},
}

func nullOrder(t *T) {
	db := t.kept("int")
	put[any](t, db, 2, nil, 1, nil)
	order := func(desc bool) []*int64 {
		return read[*int64](t, db, squirrel.Select("x").From("v").OrderBy(db.Dialect().OrderBy("x", desc, true)))
	}
	up, down := order(false), order(true)
	t.True(up[0] == nil && up[1] == nil && *up[2] == 1 && *up[3] == 2)
	t.True(*down[0] == 2 && *down[1] == 1 && down[2] == nil && down[3] == nil)
	t.Equal(read[int64](t, db, squirrel.Select("x").From("v").Where("x IS NOT NULL").OrderBy(db.Dialect().OrderBy("x", true, false))), []int64{2, 1})
}

func bools(t *T) {
	t.Equal(roundTrip(t, "bool", true, false), []bool{true, false})
	db := t.kept("bool")
	put[any](t, db, true, false, nil)
	t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(squirrel.Eq{"x": true})), []int64{1})
	t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(squirrel.Eq{"x": false})), []int64{2})
	t.Equal(len(read[*bool](t, db, squirrel.Select("x").From("v"))), 3)
}

func ints(t *T) {
	all := []int64{math.MinInt64, -1, 0, 1 << 53, 1<<53 + 1, math.MaxInt64}
	t.Equal(roundTrip(t, "int", all...), all)
	t.Equal(roundTrip(t, "int", 1, 2), []int{1, 2})
	t.Equal(roundTrip(t, "int", int8(-1), math.MaxInt8), []int8{-1, math.MaxInt8})
	db := t.kept("int")
	put(t, db, int64(300))
	_, err := sqldb.Scalar[int8](t.Context(), db, sqldb.Raw("SELECT x FROM v"))
	t.True(err != nil) // does not fit
	_, err = db.Exec(t.Context(), sqldb.Raw("UPDATE v SET x = ?", uint64(math.MaxUint64)))
	t.True(err != nil)
}

func floats(t *T) {
	all := []float64{0, -1.5, math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1, 1e21}
	t.Equal(roundTrip(t, "float", all...), all)
	t.Equal(roundTrip(t, "float", float32(0.5)), []float32{0.5})
}

func decimals(t *T) {
	all := []string{"0.0000", "12.5000", "-0.0001", "99999999999999999999999999.9999", "100000.0000"}
	t.Equal(roundTrip(t, "decimal", all...), all)
}

func times(t *T) {
	all := []time.Time{
		time.Date(2026, 2, 28, 23, 59, 59, 999999000, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 1000, time.UTC),
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Unix(0, 0).UTC(),
	}
	t.Equal(roundTrip(t, "time", all...), all) // Equal compares the location too: UTC
	fine := time.Date(2026, 3, 29, 1, 30, 0, 123456789, time.UTC)
	t.Equal(roundTrip(t, "time", fine), []time.Time{fine.Truncate(time.Microsecond)})

	db := t.kept("time")
	put(t, db, all...)
	t.Equal(one[time.Time](t, db, sqldb.Raw("SELECT max(x) FROM v")), all[3])
	t.Equal(read[time.Time](t, db, squirrel.Select("x").From("v").Where(squirrel.Lt{"x": all[4]}).OrderBy("x")), []time.Time{all[2], all[1]})
	t.Equal(*one[*time.Time](t, db, sqldb.Raw("SELECT x FROM v WHERE n = 1")), all[0])
	t.True(one[*time.Time](t, db, sqldb.Raw("SELECT max(x) FROM v WHERE n = 77")) == nil)
}

func timeZones(t *T) {
	db := t.kept("time")
	zone := time.FixedZone("east", 5*3600+1800)
	at := time.Date(2026, 6, 1, 3, 0, 0, 0, zone)
	put(t, db, at, at.UTC())
	t.Equal(read[time.Time](t, db, squirrel.Select("x").From("v").Where(squirrel.Eq{"x": &at})), []time.Time{at.UTC(), at.UTC()})
}

func uuids(t *T) {
	a, b := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	t.Equal(roundTrip(t, "uuid", b, a, uuid.Nil), []uuid.UUID{b, a, uuid.Nil})
	got := roundTrip(t, "uuid", &a, nil)
	t.Equal(*got[0], a)
	t.True(got[1] == nil)

	db := t.kept("uuid")
	put(t, db, b, a)
	t.Equal(read[uuid.UUID](t, db, squirrel.Select("x").From("v").OrderBy("x")), []uuid.UUID{a, b}) // id order is time order
	for _, same := range []any{a, &a, a.String(), ref[status](a)} {
		t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where("x = ?", same)), []int64{2})
		t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(squirrel.Eq{"x": same})), []int64{2})
	}
	t.Equal(one[string](t, db, squirrel.Select("x").From("v").Where("n = 2")), a.String())
}

// ref is a reference as a registry's Ref is one.
type ref[X any] uuid.UUID

func (r ref[X]) Value() (driver.Value, error) { return uuid.UUID(r).Value() }
func (r *ref[X]) Scan(src any) error          { return (*uuid.UUID)(r).Scan(src) }

func references(t *T) {
	a := ref[status](uuid.New())
	t.Equal(roundTrip(t, "uuid", a), []ref[status]{a})
	got := roundTrip(t, "uuid", &a, nil)
	t.Equal(*got[0], a)
	t.True(got[1] == nil)
}

func actions(t *T) {
	all := []joinery.Actions{joinery.NoActions, joinery.View | joinery.Edit, joinery.AllActions}
	t.Equal(roundTrip(t, "small", all...), all)
	t.Equal(roundTrip(t, "int", all...), all)
}

type shape struct {
	Name string            `json:"name"`
	Tags []string          `json:"tags"`
	More map[string]any    `json:"more,omitempty"`
	At   time.Time         `json:"at"`
	Raw  json.RawMessage   `json:"raw,omitempty"`
	Deep map[string]*shape `json:"deep,omitempty"`
}

func jsons(t *T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := shape{Name: "ü?", Tags: []string{"a", "'"}, More: map[string]any{"n": 1.5}, At: at, Deep: map[string]*shape{"x": {Name: "y", At: at}}}
	keep(t, s)
	keep(t, []string{"a", "b"})
	keep(t, []shape{s})
	keep(t, map[string]int{"a": 1})
	keep(t, []int64{math.MaxInt64})
	keep(t, [2]string{"a", "b"})
	keep[[]string](t, nil)
	keep[map[string]any](t, nil)
	keep(t, &s)
	t.Equal(string(roundTrip(t, "json", json.RawMessage(`[1, "a"]`))[0]), `[1, "a"]`)

	db := t.kept("json")
	put[any](t, db, nil)
	t.True(one[*shape](t, db, sqldb.Raw("SELECT x FROM v")) == nil)
	t.True(one[json.RawMessage](t, db, sqldb.Raw("SELECT x FROM v")) == nil)
	t.True(one[map[string]any](t, db, sqldb.Raw("SELECT x FROM v")) == nil)
	_, err := db.Exec(t.Context(), sqldb.Raw("UPDATE v SET x = ?", sqldb.JSON{V: math.NaN()}))
	t.True(err != nil)
}

// jsonText: one database keeps what a text says, the others the text.
func jsonText(t *T) {
	text := `{"b":1, "a":2}`
	got := string(roundTrip(t, "json", json.RawMessage(text))[0])
	if got != text && got != `{"a": 2, "b": 1}` {
		t.Errorf("%s came back as %s", text, got)
	}
	t.Equal(got == text, t.kinds.Dialect().Name() != "postgres")
}

// keep sees that a JSON column gives back what it was given, and does not mix
// it with what the destination held.
func keep[X any](t *T, v X) {
	t.Helper()
	db, table := t.another("json")
	putInto(t, db, table, sqldb.JSON{V: v})
	t.Equal(one[X](t, db, sqldb.Raw("SELECT x FROM "+table)), v)
	if reflect.TypeFor[X]().Kind() == reflect.Map {
		var m X
		t.NoErr(json.Unmarshal([]byte(`{"left over": 1}`), &m))
		_, err := sqldb.Row(t.Context(), db, sqldb.Raw("SELECT x FROM "+table), &m)
		t.NoErr(err)
		t.Equal(m, v)
	}
}

func blobs(t *T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	got := roundTrip(t, "bytes", all, []byte{}, nil)
	t.Equal(got[0], all)
	t.True(got[1] != nil && len(got[1]) == 0)
	t.True(got[2] == nil)
}

func nulls(t *T) {
	for kind, dest := range map[string]any{"text": new(string), "int": new(int64), "bool": new(bool), "time": new(time.Time), "uuid": new(uuid.UUID)} {
		db, table := t.another(kind)
		putInto[any](t, db, table, nil)
		_, err := sqldb.Row(t.Context(), db, sqldb.Raw("SELECT x FROM "+table), dest)
		if err == nil {
			t.Errorf("NULL went into a %T", dest)
		}
	}
}
