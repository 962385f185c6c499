package sqldb_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

type (
	word  string
	flag  bool
	count uint16
	id    uuid.UUID
	blob  []byte
)

func TestPlain(t *testing.T) {
	t.Parallel()
	key := uuid.New()
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.FixedZone("", 3600))
	utc := time.Date(2026, 1, 2, 2, 4, 5, 678901000, time.UTC)
	w := word("a")
	var none *word
	for _, c := range []struct{ in, want any }{
		{nil, nil}, {"a", "a"}, {w, "a"}, {&w, "a"}, {none, nil}, {(*time.Time)(nil), nil},
		{1, int64(1)}, {int8(-1), int64(-1)}, {count(7), int64(7)}, {joinery.View | joinery.Edit, int64(9)}, {uint64(math.MaxUint64), uint64(math.MaxUint64)},
		{float32(0.5), 0.5}, {flag(true), true}, {at, utc}, {&at, utc}, {utc, utc},
		{key, key}, {&key, key}, {id(key), key}, {[]byte("x"), []byte("x")}, {blob("x"), []byte("x")},
		{json.RawMessage("{}"), "{}"}, {json.RawMessage(nil), nil},
		{[]word{"a", "b"}, []string{"a", "b"}}, {[]any{"a", w}, []string{"a", "a"}}, {[]any{"a", 1}, []any{"a", 1}}, {[]any{1, int64(2)}, []int64{1, 2}},
		{[]joinery.Actions{1, 2}, []int64{1, 2}}, {[]id{id(key)}, []uuid.UUID{key}}, {[]any{at}, []time.Time{utc}},
		{[]string(nil), []string{}}, {[]any{}, []string{}}, {[]uuid.UUID(nil), []uuid.UUID{}}, {[]word(nil), []word{}},
		{map[string]any{"a": 1}, map[string]any{"a": 1}},
	} {
		if got := sqldb.Plain(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%#v became %#v, want %#v", c.in, got, c.want)
		}
	}
}

func TestBindTwiceIsBindOnce(t *testing.T) {
	t.Parallel()
	at := time.Now()
	for _, d := range []sqldb.Dialect{pgdb.Dialect(), sqlitedb.Dialect()} {
		for _, v := range []any{
			nil, "a", word("a"), 1, true, 1.5, at, &at, uuid.New(), []uuid.UUID{uuid.New()}, []time.Time{at}, []string{"a"}, []any{1},
			sqldb.JSON{V: []int{1}}, map[string]int{"a": 1}, []byte("x"), json.RawMessage("1"),
		} {
			once := d.Bind(v)
			if twice := d.Bind(once); !reflect.DeepEqual(once, twice) {
				t.Errorf("%s: %#v, then %#v", d.Name(), once, twice)
			}
		}
	}
}
