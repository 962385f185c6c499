package crud

import (
	"math/big"
	"strconv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// What the databases do each in their own way: exact sums, and times cut to a
// unit of the calendar.

// sqliteDigits is how many digits of a decimal SQLite, which keeps it as a
// floating point number, tells apart.
const sqliteDigits = 15

// exactTotal is the exact sum of a column of integers or decimals, nil for
// none. name is the column's name in the inner statement.
func (p *aggregatePlan) exactTotal(part query.AggregateColumn, name string) (func() (*big.Rat, error), error) {
	if p.core.dialect.Name() == "sqlite" {
		return p.splitTotal(part.Column)
	}
	total := "sum(" + name + ")"
	if part.Column.Kind == registry.Int {
		total = "CAST(" + total + " AS decimal(38,0))"
	}
	sum := p.out(total, &cellFor[string]{})
	return func() (*big.Rat, error) {
		text, ok := sum.value().(string)
		if !ok {
			return nil, nil
		}
		return ratOf(part.Column, text)
	}, nil
}

// floatTotal is the sum of a column of floats. MariaDB gives 0 for one that is
// beyond the range, unless it is made to look at it.
func floatTotal(dialect, name string) string {
	if dialect == "mariadb" {
		return "sum(" + name + ") + 0"
	}
	return "sum(" + name + ")"
}

// splitTotal adds the upper and the lower half of 64 bits up apart, since the
// sums of SQLite end at 64 bits. Decimals are counted in their last place.
func (p *aggregatePlan) splitTotal(col *registry.Column) (func() (*big.Rat, error), error) {
	expr, scale := p.core.operand(col, mainAlias), 0
	if col.Kind == registry.Decimal {
		var precision int
		if precision, scale = col.Decimals(); precision > sqliteDigits {
			return nil, joinery.Errorf(joinery.Unsupported, "", "SQLite adds decimals of at most "+strconv.Itoa(sqliteDigits)+" digits up exactly; "+col.JSON+" has more")
		}
		expr = "CAST(round(" + expr + " * " + tenTo(scale).String() + ") AS INTEGER)"
	}
	name := p.row(expr)
	upper, lower := p.out("sum("+name+" >> 32)", &cellFor[int64]{}), p.out("sum("+name+" & 4294967295)", &cellFor[int64]{})
	return func() (*big.Rat, error) {
		high, ok := upper.value().(int64)
		if !ok {
			return nil, nil
		}
		low, _ := lower.value().(int64)
		total := new(big.Int).Lsh(big.NewInt(high), 32)
		return new(big.Rat).SetFrac(total.Add(total, big.NewInt(low)), tenTo(scale)), nil
	}, nil
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// cutTime is a time cut to the day, month or year of UTC that it lies in.
func cutTime(dialect, expr string, unit query.Unit) (string, error) {
	switch dialect {
	case "postgres":
		return "date_trunc('" + string(unit) + "', CAST(" + expr + " AS timestamptz) AT TIME ZONE 'UTC')", nil
	case "sqlite": // microseconds; the modulo of a negative number is negative
		seconds := "(" + expr + " - ((" + expr + " % 1000000) + 1000000) % 1000000) / 1000000"
		return "CAST(strftime('%s', " + seconds + ", 'unixepoch', 'start of " + string(unit) + "') AS INTEGER) * 1000000", nil
	case "mariadb":
		layout := map[query.Unit]string{query.Day: "%Y-%m-%d", query.Month: "%Y-%m-01", query.Year: "%Y-01-01"}[unit]
		return "CAST(DATE_FORMAT(" + expr + ", '" + layout + "') AS DATETIME(6))", nil
	}
	return "", joinery.Errorf(joinery.Unsupported, "", "times are not cut to a "+string(unit)+" on "+dialect)
}
