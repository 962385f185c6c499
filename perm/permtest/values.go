package permtest

import (
	"math"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/joinery-go/joinery/registry"
)

// values fills the columns that the engine's rules do not know, but an Extra
// rule may.
func (g *generator) values(m *Model, r *Row) {
	if len(m.other) == 0 {
		return
	}
	r.Values = map[string]any{}
	for _, c := range m.other {
		if c.Nullable && g.percent(25) {
			continue
		}
		if v := g.value(c, m.hints[c.Name]); v != nil {
			r.Values[c.Name] = v
		}
	}
}

// value is mostly one at which a rule turns, where any does; nil for kinds
// that rules do not look into.
func (g *generator) value(c *registry.Column, h *hints) any {
	if c.Kind == registry.JSON {
		return g.turning(c, h)
	}
	if g.percent(60) {
		if v := g.turning(c, h); v != nil {
			return v
		}
	}
	if g.percent(25) {
		if v := g.spread(c, h); v != nil {
			return v
		}
	}
	return g.small(c)
}

// turning is a value of the hints; nil where they have none that fits.
func (g *generator) turning(c *registry.Column, h *hints) any {
	switch c.Kind {
	case registry.Text:
		if s, ok := choose(g, h.texts); ok {
			return cut(c, s)
		}
	case registry.Int, registry.Float, registry.Decimal:
		if n, ok := choose(g, h.numbers); ok {
			return numeric(c, n)
		}
	case registry.Time:
		if t, ok := choose(g, h.times); ok {
			return t
		}
	case registry.UUID:
		if id, ok := choose(g, h.ids); ok {
			return id
		}
	case registry.JSON:
		if len(h.json) > 0 {
			return h.json[g.IntN(len(h.json))]
		}
	}
	return nil
}

// spread is a value from all over the kind.
func (g *generator) spread(c *registry.Column, h *hints) any {
	switch c.Kind {
	case registry.Text:
		words := append([]string{"red", "Fox", "é", "50%", "a_b"}, h.texts.at...)
		var some []string
		for range g.IntN(3) + 1 {
			some = append(some, words[g.IntN(len(words))])
		}
		return cut(c, strings.Join(some, " "))
	case registry.Int, registry.Float, registry.Decimal:
		n := int64(math.Pow(1000, g.Float64()))
		if g.one(2) {
			n = -n
		}
		return numeric(c, new(big.Rat).SetInt64(n))
	case registry.Time:
		return g.w.Now.AddDate(0, 0, g.IntN(2000)-1000)
	}
	return nil
}

// small is one of a few values, so that rows have the same ones.
func (g *generator) small(c *registry.Column) any {
	switch c.Kind {
	case registry.Text:
		return []string{"", "a", "b", "A"}[g.IntN(4)]
	case registry.Enum:
		return c.Enum[g.IntN(len(c.Enum))]
	case registry.Bool:
		return g.percent(50)
	case registry.Int, registry.Float, registry.Decimal:
		return numeric(c, new(big.Rat).SetInt64(g.Int64N(6)))
	case registry.Time:
		return g.w.Now.Add(time.Duration(g.IntN(3)-1) * time.Hour)
	case registry.UUID:
		return g.person()
	}
	return nil
}

// numeric is the number as a value of the column; nil where it does not fit.
func numeric(c *registry.Column, n *big.Rat) any {
	f, _ := n.Float64()
	switch c.Kind {
	case registry.Float:
		return f
	case registry.Decimal:
		_, scale := c.Decimals()
		if s := n.FloatString(scale); c.CheckDecimal(s) == nil {
			return s
		}
		return nil
	}
	whole := new(big.Int).Div(n.Num(), n.Denom())
	if whole.IsInt64() && holds(c, whole.Int64()) {
		return whole.Int64()
	}
	return nil
}

// holds tells whether the column's Go type, and a database's type that the app
// names, have the number.
func holds(c *registry.Column, n int64) bool {
	if c.SQLType != "" && n != int64(int16(n)) {
		return false
	}
	v := reflect.New(c.Base()).Elem()
	if v.CanUint() {
		return n >= 0 && !v.OverflowUint(uint64(n))
	}
	return v.CanInt() && !v.OverflowInt(n)
}

// longest finds the length that a column's text may have, in its SQL type or
// its validation.
var longest = regexp.MustCompile(`(?:\(|\b(?:max|lte|lt|len)=)([0-9]+)`)

// cut is the text in the length that the column has.
func cut(c *registry.Column, s string) string {
	for _, found := range longest.FindAllStringSubmatch(c.SQLType+" "+c.Validate, -1) {
		limit, err := strconv.Atoi(found[1])
		if runes := []rune(s); err == nil && len(runes) > limit {
			s = string(runes[:limit])
		}
	}
	return s
}
