package query

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// operand is the value of a leaf as its operator takes it, or what is wrong
// with it.
func (r *resolver) operand(c *registry.Column, f *Filter) (v any, problem string) {
	strict := r.form == fromJSON && f.at != ""
	switch {
	case f.Op == OpNull:
		if b, ok := toBool(f.Value, strict); ok {
			return b, ""
		}
		return nil, "must be true or false"
	case strict && otherwise(c, f) != "":
		return nil, otherwise(c, f)
	case f.Op.takesList():
		return listOf(c, f.Value, strict)
	case c.Kind == registry.Time:
		return moment(f.Op, f.Value)
	}
	return valueOf(c, f.Value, strict)
}

// otherwise says how JSON writes what a leaf means that compares with null, or
// with several values; empty for other leaves.
func otherwise(c *registry.Column, f *Filter) string {
	_, list := f.Value.([]any)
	switch {
	case f.Value == nil && f.Op == OpNe:
		return `must be a value; for what is not null write {"null": false}`
	case f.Value == nil:
		return `must be a value; for null write {"null": true}`
	case list && f.Op == OpEq && c.Base() != actionsType: // actions are a list of names
		return `must be one value; for any of several write {"in": […]}`
	}
	return ""
}

// listOf is a slice of any type as values of the column.
func listOf(c *registry.Column, v any, strict bool) (any, string) {
	switch list := v.(type) {
	case []any:
		return each(c, list, strict)
	case []string:
		return each(c, list, strict)
	case []uuid.UUID:
		return each(c, list, strict)
	case []int64:
		return each(c, list, strict)
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil, "must be a list"
	}
	list := make([]any, rv.Len())
	for i := range list {
		list[i] = rv.Index(i).Interface()
	}
	return each(c, list, strict)
}

func each[V any](c *registry.Column, list []V, strict bool) (any, string) {
	if len(list) > MaxList {
		return nil, "must list at most 500 values"
	}
	values := make([]any, len(list))
	for i, v := range list {
		value, problem := valueOf(c, v, strict)
		if problem != "" {
			return nil, "must list values, and each " + problem
		}
		values[i] = value
	}
	return values, ""
}

// valueOf is v as a value of the column, in the form of [Node.Value]. Strict
// holds for JSON, which has numbers and booleans: texts do not stand for them.
func valueOf(c *registry.Column, v any, strict bool) (any, string) {
	if v == nil {
		return nil, "must be a value; for null there is the operator null"
	}
	switch c.Kind {
	case registry.Text:
		return toText(v)
	case registry.Enum:
		return toMember(c, v)
	case registry.Bool:
		if b, ok := toBool(v, strict); ok {
			return b, ""
		}
		return nil, "must be true or false"
	case registry.Int:
		if c.Base() == actionsType {
			return toActions(v)
		}
		return toInt(c, v, strict)
	case registry.Float:
		return toFloat(c, v, strict)
	case registry.Decimal:
		return toDecimal(v)
	case registry.Time:
		return toTime(v)
	}
	return toUUID(v)
}

var actionsType = reflect.TypeFor[joinery.Actions]()

// moment is the time of a leaf. A date alone is a day in UTC.
func moment(o Op, v any) (any, string) {
	s, ok := v.(string)
	if o != OpBefore && o != OpAfter && o != OpOn {
		return toTime(v)
	}
	if day, err := time.Parse(time.DateOnly, s); ok && err == nil {
		if day.Year() < 1 {
			return nil, rightDay
		}
		if o == OpAfter { // the last instant of the day: times have microseconds
			return day.AddDate(0, 0, 1).Add(-time.Microsecond), ""
		}
		return day, ""
	}
	if o != OpOn {
		t, problem := toTime(v)
		if problem != "" {
			problem = rightDay
		}
		return t, problem
	}
	return dayOf(v)
}

const rightDay = "must be a date or an RFC 3339 time, as 2026-11-23 or 2026-11-23T10:00:00Z, with + written %2B in a URL"

// dayOf is when the day of a time begins, in the time's own offset.
func dayOf(v any) (any, string) {
	t, ok := v.(time.Time)
	if s, isText := v.(string); isText {
		parsed, err := time.Parse(time.RFC3339Nano, s)
		t, ok = parsed, err == nil
	}
	if !ok || !storable(t) {
		return nil, rightDay
	}
	year, month, day := t.Date()
	begins := time.Date(year, month, day, 0, 0, 0, 0, t.Location()).UTC()
	if !storable(begins) {
		return nil, rightDay
	}
	return begins, ""
}
