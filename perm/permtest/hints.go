package permtest

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// hints are the values at which rules of an app turn, as far as their SQL says
// so, by what they look like. Random values alone would hardly ever meet them.
type hints struct {
	texts   edges[string]
	numbers edges[*big.Rat]
	times   edges[time.Time]
	ids     edges[uuid.UUID]
	json    []any // in the Go form of the column

	words map[string]bool // names in the rules' text, in lower case
	seen  map[string]bool // what has been added
}

// edges are the values of a rule, and others beside them.
type edges[X any] struct{ at, near []X }

// choose is one of the values, every other time one beside them; false where
// there is none.
func choose[X any](g *generator, t edges[X]) (X, bool) {
	list := t.at
	if len(t.near) > 0 && g.one(2) {
		list = t.near
	}
	if len(list) == 0 {
		var none X
		return none, false
	}
	return list[g.IntN(len(list))], true
}

// collectHints are the hints for the model's columns: of the rules that name
// the column in SQL, or of all where none does, for the Go may have meant it.
func (m *Model) collectHints() map[string]*hints {
	all := map[string]*hints{}
	for _, c := range m.other {
		named, every := newHints(), newHints()
		for _, x := range m.Extra {
			every.rule(m.Table, x)
			if one := newHints().rule(m.Table, x); one.words[strings.ToLower(c.Name)] {
				named.rule(m.Table, x)
			}
		}
		if len(named.words) == 0 {
			named = every
		}
		named.forms(c)
		all[c.Name] = named
	}
	return all
}

func newHints() *hints { return &hints{words: map[string]bool{}, seen: map[string]bool{}} }

// rule adds what the rule binds for the users of the worlds, and what stands
// in its text. A rule that fails says nothing here: the engine says why.
func (h *hints) rule(table string, x Extra) *hints {
	for _, name := range []string{"u1", "u2", "u3", "u4"} {
		text, args, err := x.condition(table, user(name))
		if err != nil {
			return h
		}
		for _, arg := range args {
			h.add(arg)
		}
		h.literals(text)
	}
	return h
}

// condition is the rule's SQL for the actor, on the alias w.
func (x Extra) condition(table string, a joinery.Actor) (string, []any, error) {
	cond := x.sql("w", a)
	if cond == nil {
		return "", nil, fmt.Errorf("the rule %q of %s gives no condition", x.name, table)
	}
	return cond.ToSql()
}

// token is a quoted text, a name, or a number.
var token = regexp.MustCompile("'((?:[^']|'')*)'|([\"`][^\"`]*[\"`]|\\pL[\\pL\\pN_]*|_[\\pL\\pN_]+|\\$[0-9]+)|([0-9]+(?:\\.[0-9]+)?)")

// literals adds the texts and numbers that stand in the SQL, and its names.
func (h *hints) literals(text string) {
	for _, found := range token.FindAllStringSubmatch(text, -1) {
		switch quoted, name, number := found[1], found[2], found[3]; {
		case name != "":
			h.words[strings.ToLower(strings.Trim(name, "\"`"))] = true
		case number != "":
			h.add(number)
		default:
			h.add(strings.ReplaceAll(quoted, "''", "'"))
		}
	}
}

// add adds a value that is bound, or each of a list.
func (h *hints) add(v any) {
	v = sqldb.Plain(v)
	if key := fmt.Sprintf("%T %v", v, v); !h.seen[key] {
		h.seen[key] = true
		h.plain(v)
	}
}

func (h *hints) plain(v any) {
	switch v := v.(type) {
	case string:
		h.text(v)
	case int64:
		h.number(new(big.Rat).SetInt64(v))
	case float64:
		h.number(new(big.Rat).SetFloat64(v))
	case time.Time:
		h.time(v)
	case uuid.UUID:
		h.ids.at = append(h.ids.at, v)
	case []byte:
		h.text(string(v))
	case driver.Valuer:
		if bound, err := v.Value(); err == nil {
			h.add(bound)
		}
	default:
		h.list(reflect.ValueOf(v))
	}
}

func (h *hints) list(v reflect.Value) {
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return
	}
	for i := range v.Len() {
		h.add(v.Index(i).Interface())
	}
}

// number adds the number, those beside it, and its opposite.
func (h *hints) number(n *big.Rat) {
	if n == nil {
		return // no number: infinite
	}
	h.numbers.at = append(h.numbers.at, n)
	for _, step := range []*big.Rat{big.NewRat(-1, 1), big.NewRat(-1, 4), big.NewRat(1, 4), big.NewRat(1, 1)} {
		h.numbers.near = append(h.numbers.near, new(big.Rat).Add(n, step))
	}
	h.numbers.near = append(h.numbers.near, new(big.Rat).Neg(n))
}

// time adds the time and those beside it, not too near where it is the wall
// clock's, which goes on between the rule's SQL and its Go.
func (h *hints) time(t time.Time) {
	steps := []time.Duration{time.Microsecond, time.Second}
	if time.Since(t).Abs() < time.Hour {
		steps = []time.Duration{6 * time.Hour}
	}
	t = sqldb.Time(t)
	h.times.at = append(h.times.at, t)
	for _, step := range steps {
		h.times.near = append(h.times.near, t.Add(-step), t.Add(step))
	}
}

// layouts are those of times in SQL.
func layouts() []string { return []string{time.RFC3339Nano, time.DateTime, time.DateOnly} }

// text adds the text, as a pattern of LIKE too, and as whatever it spells.
func (h *hints) text(s string) {
	if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
		return
	}
	plain := unlike(s, "", "")
	h.texts.at = append(h.texts.at, s)
	if plain != s {
		h.texts.at = append(h.texts.at, plain, unlike(s, "zz", "z"))
	}
	h.texts.near = append(h.texts.near, beside(plain)...)
	if n, ok := new(big.Rat).SetString(s); ok && len(s) < 40 && !strings.ContainsAny(s, "eEpP/_") {
		h.number(n)
	}
	if id, err := uuid.Parse(s); err == nil {
		h.ids.at = append(h.ids.at, id)
	}
	for _, layout := range layouts() {
		if t, err := time.Parse(layout, s); err == nil {
			h.time(t)
			break
		}
	}
}

// beside are the text in other case, with more before or after it, and with
// less.
func beside(s string) []string {
	runes := []rune(s)
	if len(runes) == 0 {
		return []string{"x", " "}
	}
	first := strings.ToUpper(string(runes[:1])) + string(runes[1:])
	return []string{
		strings.ToUpper(s), strings.ToLower(s), first,
		"x" + s, s + "x", "x " + s + " x", s + " ", string(runes[:len(runes)-1]),
	}
}

// unlike is a text that the pattern of LIKE matches, with many for each % and
// one for each _.
func unlike(pattern, many, one string) string {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped, !strings.ContainsRune(`%_\`, r):
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(many)
		default:
			b.WriteString(one)
		}
	}
	return b.String()
}

// forms are the values of a JSON column: empty ones, and lists and objects of
// the texts and numbers of the rules, as far as its Go type reads them.
func (h *hints) forms(c *registry.Column) {
	if c.Kind != registry.JSON {
		return
	}
	texts := []string{`[]`, `{}`, `["a"]`, `[1]`, `{"a":"b"}`, `"a"`, `1`, `true`}
	for _, s := range h.texts.at {
		quoted, err := json.Marshal(s)
		if err == nil {
			texts = append(texts, s, "["+s+"]", string(quoted), "["+string(quoted)+"]", `["a",`+string(quoted)+"]")
		}
	}
	for _, n := range h.numbers.at {
		texts = append(texts, "["+n.FloatString(0)+"]")
	}
	for _, text := range texts {
		v := reflect.New(c.Type)
		if json.Unmarshal([]byte(text), v.Interface()) == nil && !missing(v.Elem()) {
			h.json = append(h.json, reflect.Indirect(v.Elem()).Interface())
		}
	}
}

// missing tells that null was read.
func missing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return v.IsNil()
	}
	return false
}
