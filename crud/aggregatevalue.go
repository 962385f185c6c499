package crud

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// cell is where one value of a group is read into.
type cell interface {
	dest() any  // for Scan
	value() any // what was read last, nil for null
}

type cellFor[X any] struct{ p *X }

func (c *cellFor[X]) dest() any { return &c.p }

func (c *cellFor[X]) value() any {
	if c.p == nil {
		return nil
	}
	return *c.p
}

// cellOf is a cell for values of the column.
func cellOf(col *registry.Column) cell {
	switch col.Kind {
	case registry.Int:
		return &cellFor[int64]{}
	case registry.Float:
		return &cellFor[float64]{}
	case registry.Bool:
		return &cellFor[bool]{}
	case registry.Time:
		return &cellFor[time.Time]{}
	case registry.UUID:
		return &cellFor[uuid.UUID]{}
	}
	return &cellFor[string]{}
}

var actionsType = reflect.TypeFor[joinery.Actions]()

// plainValue is a value of the column as a group tells it: the same on every
// database.
func plainValue(col *registry.Column, v any) (any, error) {
	switch x := v.(type) {
	case int64:
		if col.Base() == actionsType {
			return joinery.Actions(x), nil
		}
	case float64:
		if x == 0 {
			return 0.0, nil // not -0, which is equal
		}
	case string:
		if col.Kind == registry.Decimal {
			n, err := ratOf(col, x)
			if err != nil {
				return nil, err
			}
			return decimalOf(col, n), nil
		}
	}
	return v, nil
}

// ratOf is the number that a column, or its sum, is as text.
func ratOf(col *registry.Column, text string) (*big.Rat, error) {
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, fmt.Errorf("crud: column %s of %s holds or adds up to %q, which is no number", col.Name, col.Model.Table, text)
	}
	return n, nil
}

// decimalOf is a number with all the places that its column has, and more where
// the database kept more.
func decimalOf(col *registry.Column, n *big.Rat) string {
	_, places := col.Decimals()
	if kept, exact := n.FloatPrec(); exact {
		places = max(places, kept)
	}
	return n.FloatString(places)
}

// sumOf is a total as the type of its column.
func sumOf(part query.AggregateColumn, total *big.Rat) (any, error) {
	switch {
	case part.Column.Kind == registry.Decimal:
		return decimalOf(part.Column, total), nil
	case !total.IsInt() || !total.Num().IsInt64():
		return nil, beyond(part, "is beyond the range of 64-bit integers: narrow the filter")
	}
	return total.Num().Int64(), nil
}

// meanPlaces is how many places more than its column the mean of decimals has.
const meanPlaces = 4

func meanOf(col *registry.Column, total *big.Rat, n int64) any {
	mean := new(big.Rat).Quo(total, new(big.Rat).SetInt64(n))
	if col.Kind == registry.Decimal {
		_, places := col.Decimals()
		return mean.FloatString(places + meanPlaces)
	}
	f, _ := mean.Float64()
	return f
}

func finite(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }

// compareKeys orders the values of a key: nil first, text by code point.
func compareKeys(col *registry.Column, a, b any) int {
	if a == nil || b == nil {
		return boolInt(a != nil) - boolInt(b != nil)
	}
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64))
	case joinery.Actions:
		return cmp.Compare(x, b.(joinery.Actions))
	case float64:
		return cmp.Compare(x, b.(float64))
	case bool:
		return boolInt(x) - boolInt(b.(bool))
	case time.Time:
		return x.Compare(b.(time.Time))
	case uuid.UUID:
		y := b.(uuid.UUID)
		return bytes.Compare(x[:], y[:])
	}
	if col.Kind == registry.Decimal {
		return number(a).Cmp(number(b))
	}
	return strings.Compare(a.(string), b.(string))
}

// number is what a decimal's text from plainValue says.
func number(decimal any) *big.Rat {
	n, _ := new(big.Rat).SetString(decimal.(string))
	return n
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// outOfRange is the code of a result that is too large for its type, in the
// words of the standard.
const outOfRange = "22003"

// explain names the part for which a database refused to compute: of all parts
// only sums of floats may be too large for it.
func (p *aggregatePlan) explain(err error) error {
	var coded interface{ SQLState() string }
	if !errors.As(err, &coded) || coded.SQLState() != outOfRange {
		return err
	}
	for _, part := range p.about.Values {
		if part.Column != nil && part.Column.Kind == registry.Float && (part.Func == query.FuncSum || part.Func == query.FuncAvg) {
			return beyond(part, "is beyond the range of 64-bit floating point: narrow the filter")
		}
	}
	return err
}
