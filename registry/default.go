package registry

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// DefaultValue is the column's default in the form of [Column.Value]; false
// where it has none.
func (c *Column) DefaultValue() (any, bool) {
	if !c.HasDefault {
		return nil, false
	}
	v, err := c.parse(c.Default)
	return v, err == nil // checked when the model was added
}

// parse reads a value of the column from the text of a tag.
func (c *Column) parse(s string) (any, error) {
	switch c.Kind {
	case Bool:
		return strconv.ParseBool(s)
	case Int:
		return c.parseInt(s)
	case Float:
		return strconv.ParseFloat(s, 64)
	case Decimal:
		return s, c.CheckDecimal(s)
	case Time:
		t, err := time.Parse(time.RFC3339Nano, s)
		return t.UTC().Truncate(time.Microsecond), err
	case UUID:
		return uuid.Parse(s)
	case JSON:
		return c.parseJSON(s)
	case Bytes:
		return nil, fmt.Errorf("bytes cannot be written in a tag")
	}
	return s, c.checkMember(s)
}

func (c *Column) parseInt(s string) (any, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil, err
	}
	return n, storeInt(reflect.New(c.base).Elem(), n)
}

func (c *Column) parseJSON(s string) (any, error) {
	v := reflect.New(c.base)
	if err := json.Unmarshal([]byte(s), v.Interface()); err != nil {
		return nil, err
	}
	return notNil(v.Elem()).Interface(), nil
}

// checkMember says why an enum cannot be s.
func (c *Column) checkMember(s string) error {
	if c.Kind != Enum || s == "" && c.emptyAllowed() {
		return nil
	}
	for _, v := range c.Enum {
		if v == s {
			return nil
		}
	}
	return fmt.Errorf("%q is none of %q", s, c.Enum)
}

// emptyAllowed reports whether the rules let the zero value pass whatever else
// they say. Behind a pointer they judge the value as it is.
func (c *Column) emptyAllowed() bool {
	return !c.Nullable && hasRule(c.rules, "omitempty")
}

var decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// CheckDecimal says why s is no value of a Decimal column: no plain decimal
// number, or one with more digits than the column keeps.
func (c *Column) CheckDecimal(s string) error {
	if !decimalText.MatchString(s) {
		return fmt.Errorf("%q is no decimal number, as 12.50", s)
	}
	r, _ := new(big.Rat).SetString(s)
	scaled := r.Mul(r, new(big.Rat).SetInt(pow10(c.scale)))
	if !scaled.IsInt() {
		return fmt.Errorf("%q has more than %d digits after the point", s, c.scale)
	}
	if scaled.Num().CmpAbs(pow10(c.precision)) >= 0 {
		return fmt.Errorf("%q has more than %d digits", s, c.precision)
	}
	return nil
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
