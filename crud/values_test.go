package crud_test

import (
	"encoding/json"
	"fmt"
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

type point struct{ X, Y int }

// Sample has a column of every kind, plain and nullable.
type Sample struct {
	crud.Entity
	Text   string                `json:"text" sortable:"true"`
	Text0  *string               `json:"text0" sortable:"true"`
	Grade  status                `json:"grade" validate:"oneof=open done" default:"open" sortable:"true"`
	Flag   bool                  `json:"flag" default:"true" sortable:"true"`
	Flag0  *bool                 `json:"flag0" sortable:"true"`
	Int    int64                 `json:"int" sortable:"true"`
	Int0   *int32                `json:"int0" default:"7" sortable:"true"`
	Small  uint8                 `json:"small"`
	Float  float64               `json:"float" sortable:"true"`
	Float0 *float32              `json:"float0"`
	Money  string                `json:"money" type:"decimal(12,2)" default:"0" sortable:"true"`
	Money0 *string               `json:"money0" type:"decimal(12,2)" sortable:"true"`
	At     time.Time             `json:"at" sortable:"true"`
	At0    *time.Time            `json:"at0" sortable:"true"`
	ID0    *uuid.UUID            `json:"id0" sortable:"true"`
	Map    map[string]any        `json:"map"`
	Map0   *map[string]any       `json:"map0"`
	List   []string              `json:"list"`
	Point  point                 `json:"point"`
	Point0 *point                `json:"point0"`
	Raw    json.RawMessage       `json:"raw"`
	Raw0   *json.RawMessage      `json:"raw0"`
	Bytes  []byte                `json:"bytes"`
	Bytes0 *[]byte               `json:"bytes0"`
	Nth    int                   `json:"nth" sortable:"nth,-int0,text0"`
	UpID   *registry.Ref[Sample] `json:"up_id" ref:"self"`
	Down   []Sample              `json:"down,omitzero" rel:"samples.up_id"`
}

type NewSample struct {
	Text   string                `json:"text"`
	Text0  *string               `json:"text0"`
	Grade  status                `json:"grade"`
	Flag   crud.Opt[bool]        `json:"flag"`
	Flag0  *bool                 `json:"flag0"`
	Int    int64                 `json:"int"`
	Int0   crud.Opt[int32]       `json:"int0"`
	Small  uint8                 `json:"small"`
	Float  float64               `json:"float"`
	Float0 *float32              `json:"float0"`
	Money  string                `json:"money"`
	Money0 *string               `json:"money0"`
	At     time.Time             `json:"at"`
	At0    *time.Time            `json:"at0"`
	ID0    *uuid.UUID            `json:"id0"`
	Map    map[string]any        `json:"map"`
	Map0   *map[string]any       `json:"map0"`
	List   []string              `json:"list"`
	Point  point                 `json:"point"`
	Point0 *point                `json:"point0"`
	Raw    json.RawMessage       `json:"raw"`
	Raw0   *json.RawMessage      `json:"raw0"`
	Bytes  []byte                `json:"bytes"`
	Bytes0 *[]byte               `json:"bytes0"`
	Nth    int                   `json:"nth"`
	UpID   *registry.Ref[Sample] `json:"up_id"`
}

type ChangedSample struct {
	Text   crud.Opt[string]          `json:"text,omitzero"`
	Money  crud.Opt[string]          `json:"money,omitzero"`
	Float  crud.Opt[float64]         `json:"float,omitzero"`
	At     crud.Opt[time.Time]       `json:"at,omitzero"`
	Map    crud.Opt[map[string]any]  `json:"map,omitzero"`
	Map0   crud.Opt[map[string]any]  `json:"map0,omitzero"`
	List   crud.Opt[[]string]        `json:"list,omitzero"`
	Raw    crud.Opt[json.RawMessage] `json:"raw,omitzero"`
	Point0 crud.Opt[point]           `json:"point0,omitzero"`
	Bytes  crud.Opt[[]byte]          `json:"bytes,omitzero"`
	Bytes0 crud.Opt[[]byte]          `json:"bytes0,omitzero"`
	ID0    crud.Opt[uuid.UUID]       `json:"id0,omitzero"`
	Flag0  crud.Opt[bool]            `json:"flag0,omitzero"`
}

type samples struct {
	*app
	*crud.Manager[Sample, NewSample, ChangedSample]
}

func newSamples(t *testing.T, db *sqldb.DB) *samples {
	s := &samples{}
	newAppWith(t, db, nil, func(a *app) {
		m, err := crud.New[Sample, NewSample, ChangedSample](a.reg, db, crud.Unrestricted, nil)
		a.NoErr(err)
		s.app, s.Manager = a, m
	})
	return s
}

func TestEveryKindComesBackAsItWent(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSamples(t, db)
		id, at := uuid.New(), time.Date(2026, 11, 23, 10, 0, 0, 123456000, time.UTC)
		in := NewSample{
			Text: "a'\"\\%_\u2028😀", Text0: ptr(""), Flag: crud.Set(false), Flag0: ptr(true), Int: math.MinInt64, Int0: crud.Null[int32](),
			Small: 255, Float: 1e-300, Float0: ptr(float32(0.1)), Money: "-1234567890.5", Money0: ptr("0"), At: at.In(time.FixedZone("", 3600)),
			At0: &at, ID0: &id, Map: map[string]any{"a": []any{1.5, nil, "x"}}, Map0: &map[string]any{"b": true}, List: nil,
			Point: point{1, 2}, Point0: &point{3, 4}, Raw: json.RawMessage(`"text"`), Raw0: ptr(json.RawMessage(`[1]`)),
			Bytes: []byte{0, 255}, Bytes0: ptr([]byte{}),
		}
		one, err := s.Create(s.ann, in)
		s.NoErr(err)
		s.Equal(one.Text, in.Text)
		s.Equal(*one.Text0, "")
		s.Equal(one.Flag, false) // given, though the default is true
		s.True(one.Int0 == nil)  // null was given, though the default is 7
		s.Equal(one.Grade, status("open"))
		s.Equal(one.Int, int64(math.MinInt64))
		s.Equal(one.Money, "-1234567890.50")
		s.Equal(*one.Money0, "0.00")
		s.Equal(one.At, at)
		s.Equal(one.Map, in.Map)
		s.Equal(*one.Map0, *in.Map0)
		s.Equal(one.List, []string{})
		s.Equal(*one.Point0, point{3, 4})
		s.Equal(string(one.Raw), `"text"`)
		s.Equal(string(*one.Raw0), `[1]`)
		s.Equal(one.Bytes, []byte{0, 255})
		s.Equal(len(*one.Bytes0), 0)
		got, err := s.Get(s.ann, one.ID)
		s.NoErr(err)
		s.Equal(got, one)
		null, err := s.Create(s.ann, NewSample{Raw0: ptr(json.RawMessage("null"))})
		s.NoErr(err)
		n, err := s.Count(s.ann, query.Query{Filter: query.And(query.Eq("id", null.ID), query.IsNull("raw0"))})
		s.NoErr(err)
		s.Equal(n == 1, null.Raw0 == nil) // the filter agrees with what is read
		plain, err := s.CreateMany(s.ann, []NewSample{{Text: "x"}, {Text: "y"}})
		s.NoErr(err)
		s.Equal(plain[0].Flag, true)
		s.Equal(*plain[0].Int0, int32(7))
		s.Equal(string(plain[0].Raw), "null")
		s.True(plain[0].Map0 == nil && plain[0].Raw0 == nil && plain[0].Bytes0 == nil)
		s.Equal(plain[0].Map, map[string]any{})
		got, err = s.Get(s.ann, plain[0].ID)
		s.NoErr(err)
		s.Equal(got, plain[0])

		up, err := s.Update(s.ann, one.ID, 1, ChangedSample{
			Money: crud.Set("7"), Map: crud.Set(map[string]any{"new": "x"}), Map0: crud.Null[map[string]any](), List: crud.Set([]string{"a", "b"}),
			Raw: crud.Set(json.RawMessage(`{"k":1}`)), Point0: crud.Null[point](), Bytes: crud.Set([]byte("z")), Bytes0: crud.Null[[]byte](),
			ID0: crud.Null[uuid.UUID](), Flag0: crud.Null[bool](),
		})
		s.NoErr(err)
		s.Equal(up.Money, "7.00")
		s.Equal(up.Map, map[string]any{"new": "x"})
		s.True(up.Map0 == nil && up.Point0 == nil && up.Bytes0 == nil && up.ID0 == nil && up.Flag0 == nil)
		s.Equal(up.List, []string{"a", "b"})
		got, err = s.Get(s.ann, one.ID)
		s.NoErr(err)
		s.Equal(got, up)
		row, err := s.UpdateRow(joinery.WithActor(t.Context(), joinery.SystemActor()), got)
		s.NoErr(err)
		got.Version++
		s.Equal(row, got)
	})
}

// What no database stores alike is refused by name, before a database is asked.
func TestValuesThatCannotBeStored(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSamples(t, db)
		old, err := s.Create(s.ann, NewSample{Text: "old"})
		s.NoErr(err)
		for _, c := range []struct {
			at string
			in NewSample
			up ChangedSample
		}{
			{"/text", NewSample{Text: "a\x00b"}, ChangedSample{Text: crud.Set("a\x00b")}},
			{"/text", NewSample{Text: "a\xffb"}, ChangedSample{Text: crud.Set("a\xffb")}},
			{"/money", NewSample{Money: "1e5"}, ChangedSample{Money: crud.Set("1e5")}},
			{"/money", NewSample{Money: "abc"}, ChangedSample{Money: crud.Set("abc")}},
			{"/money", NewSample{Money: "NaN"}, ChangedSample{Money: crud.Set("")}},
			{"/money", NewSample{Money: "0.005"}, ChangedSample{Money: crud.Set("0.005")}},
			{"/money", NewSample{Money: "12345678901"}, ChangedSample{Money: crud.Set("12345678901")}},
			{"/float", NewSample{Float: math.NaN()}, ChangedSample{Float: crud.Set(math.Inf(1))}},
			{"/at", NewSample{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}, ChangedSample{At: crud.Set(time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC))}},
			{"/map", NewSample{Map: map[string]any{"a": "\x00"}}, ChangedSample{Map: crud.Set(map[string]any{"\x00": 1})}},
			{"/map", NewSample{Map: map[string]any{"a": math.NaN()}}, ChangedSample{Map: crud.Set(map[string]any{"a": func() {}})}},
			{"/raw", NewSample{Raw: json.RawMessage(`{"a":`)}, ChangedSample{Raw: crud.Set(json.RawMessage(`x`))}},
			{"/raw", NewSample{Raw: json.RawMessage(`"\u0000"`)}, ChangedSample{Raw: crud.Set(json.RawMessage(`{"a\u0000":1}`))}},
			{"/raw", NewSample{Raw: json.RawMessage(`"\ud800"`)}, ChangedSample{Raw: crud.Set(json.RawMessage(`["\udc00"]`))}},
		} {
			_, err := s.Create(s.ann, c.in)
			if joinery.KindOf(err) != joinery.Invalid || fmt.Sprint(pointers(err)) != "["+c.at+"]" {
				t.Errorf("create %s: %v", c.at, err)
			}
			_, err = s.Update(s.ann, old.ID, 1, c.up)
			if joinery.KindOf(err) != joinery.Invalid || fmt.Sprint(pointers(err)) != "["+c.at+"]" {
				t.Errorf("update %s: %v", c.at, err)
			}
			_, err = s.Update(s.ann, uuid.New(), 1, c.up)
			s.Equal(joinery.KindOf(err), joinery.NotFound)
		}
	})
}

// Pages of every sort, forward and back, with nulls and doubles, hold every row
// once.
func TestPagesByEveryKind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSamples(t, db)
		var list []NewSample
		for i := range 13 {
			in := NewSample{Text: string(rune('a' + i%3)), Flag: crud.Set(i%2 == 0), Int: int64(i%4) << 61, Float: float64(i%3) / 3, Nth: i % 3,
				Money: fmt.Sprintf("%d.1%d", i%4-2, i%2), At: time.UnixMicro(int64(i % 3)).UTC(), Int0: crud.Null[int32]()}
			if i%3 > 0 {
				in.Text0, in.Flag0, in.Int0 = ptr(strings.Repeat("Z", i%4)), ptr(i%2 == 0), crud.Set(int32(i%2))
				in.Money0, in.At0, in.ID0 = ptr(fmt.Sprint(i%5-2)), ptr(time.UnixMicro(int64(-i%4))), ptr(uuid.UUID{15: byte(i % 4)})
			}
			list = append(list, in)
		}
		rows, err := s.CreateMany(s.ann, list)
		s.NoErr(err)
		for _, keys := range [][]string{{"text"}, {"text0"}, {"grade"}, {"flag"}, {"flag0"}, {"int"}, {"int0"}, {"float"}, {"money"}, {"money0"}, {"at"}, {"at0"}, {"id0"}, {"id"},
			{"nth", "-int0", "text0"}, {"-nth", "int0", "-text0"}} {
			for _, minus := range []string{"", "-"} {
				if len(keys) > 1 && minus != "" {
					continue
				}
				sort := append([]string{minus + keys[0]}, keys[1:]...)
				all, err := s.List(s.ann, query.Query{Sort: sort, Limit: 100})
				s.NoErr(err)
				s.Equal(len(all.Items), len(rows))
				q, seen := query.Query{Sort: sort, Limit: 3}, []Sample(nil)
				var last query.Page[Sample]
				for pages := 0; ; pages++ {
					p, err := s.List(s.ann, q)
					s.NoErr(err)
					s.Equal(p.Prev != "", pages > 0)
					seen, last = append(seen, p.Items...), p
					if q.After = p.Next; p.Next == "" {
						break
					}
				}
				s.Equal(seen, all.Items)
				at := len(seen) - len(last.Items)
				for q := (query.Query{Sort: sort, Limit: 3, Before: last.Prev}); q.Before != ""; {
					p, err := s.List(s.ann, q)
					s.NoErr(err)
					s.Equal(p.Items, seen[at-len(p.Items):at])
					s.True(p.Next != "")
					at -= len(p.Items)
					q.Before = p.Prev
				}
				s.Equal(at, 0)
			}
		}
	})
}

// A filter and its opposite share the rows between them, and lists do as the
// single values.
func TestFiltersOfEveryKind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newSamples(t, db)
		id := uuid.New()
		at := time.Date(2026, 11, 23, 10, 0, 0, 1000, time.UTC)
		top, err := s.Create(s.ann, NewSample{Text: "a,b", Text0: ptr("ÄB"), Grade: "done", Flag0: ptr(true), Int: math.MaxInt64, Float: 0.1, Float0: ptr(float32(0.1)), Money: "0.10", Money0: ptr("99.99"), At: at, At0: &at, ID0: &id})
		s.NoErr(err)
		_, err = s.Create(s.ann, NewSample{Text: "b", UpID: ptr(registry.Ref[Sample](top.ID)), Int0: crud.Null[int32]()})
		s.NoErr(err)
		for _, c := range []struct {
			filter query.Filter
			want   int64
		}{
			{query.In("text", "a,b", "zz"), 1}, {query.In[string]("text"), 0}, {query.Where("text0", query.OpIIn, []string{"Äb"}), 1},
			{query.Where("text0", query.OpIIn, []string{"äb"}), 0}, {query.In("grade", "done"), 1}, {query.In("flag0", true, false), 1},
			{query.In("int", int64(math.MaxInt64)), 1}, {query.In("int0", 7), 1}, {query.In("float", 0.1), 1}, {query.Eq("float0", float32(0.1)), 1}, {query.Eq("float0", "0.1"), 1},
			{query.In("money", "0.1", "5"), 1}, {query.Eq("money0", "99.990"), 1}, {query.Gt("money", "0.09"), 1}, {query.Lt("money", "0.11"), 2},
			{query.In("at", at), 1}, {query.Eq("at0", at), 1}, {query.Where("at", query.OpOn, "2026-11-23"), 1}, {query.In("id0", id), 1},
			{query.Ne("flag0", true), 1}, {query.Where("text0", query.OpINe, "äb"), 2}, {query.Where("text0", query.OpINe, "Äb"), 1},
			{query.Eq("down.text", "b"), 1}, {query.Ne("down.text", "b"), 0}, {query.IsNull("down.text0"), 1}, {query.IsNull("map0"), 2}, {query.NotNull("raw"), 2},
			{query.Where("at", query.OpBefore, "9999-12-31"), 2}, {query.Where("at", query.OpOn, "9999-12-31"), 0},
		} {
			n, err := s.Count(s.ann, query.Query{Filter: c.filter})
			s.NoErr(err)
			not, err := s.Count(s.ann, query.Query{Filter: query.Not(c.filter)})
			s.NoErr(err)
			if n != c.want || n+not != 2 {
				t.Errorf("%v: %d rows and %d others, want %d of 2", c.filter, n, not, c.want)
			}
		}
		got, err := s.Get(s.ann, top.ID, query.Include("down")) // a column of it is called nth
		s.NoErr(err)
		s.Equal(len(got.Down), 1)
	})
}
