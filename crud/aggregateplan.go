package crud

import (
	"slices"
	"strconv"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// aggregatePlan is what an aggregate reads of each row and of each group, and
// how its values come of that. It holds the group that is being read, and
// belongs to one call.
type aggregatePlan struct {
	core    *core
	about   *query.Aggregation
	inner   []string // expressions over a row, under names of their own
	outputs []output // of the statement: first the keys
	values  []func() (any, error)
}

// output is a column of the statement and where it is read into.
type output struct {
	expr string
	cell cell
}

func (c *core) planAggregate(a *query.Aggregation) (*aggregatePlan, error) {
	p := &aggregatePlan{core: c, about: a}
	var joins []keyPath
	for i, key := range a.Keys {
		var end int
		joins, end = joinPath(joins, key.Path)
		expr, err := c.keySQL(key, end)
		if err != nil {
			return nil, err
		}
		name := "g" + strconv.Itoa(i)
		p.inner = append(p.inner, expr+" AS "+name)
		p.outputs = append(p.outputs, output{name, cellOf(key.Column)})
	}
	for _, part := range a.Values {
		value, err := p.value(part)
		if err != nil {
			return nil, err
		}
		p.values = append(p.values, value)
	}
	if len(p.inner) == 0 { // rows are counted, and nothing of them is looked at
		p.inner = []string{"1 AS one"}
	}
	return p, nil
}

// keySQL is what rows are grouped by. end is the relation it is of.
func (c *core) keySQL(key query.AggregateColumn, end int) (string, error) {
	of, alias := c, mainAlias
	if end >= 0 {
		of, alias = c.hub.core(key.Column.Model, c), keyed(end)
	}
	expr := of.operand(key.Column, alias)
	if key.Unit == "" {
		return expr, nil
	}
	return cutTime(c.dialect.Name(), expr, key.Unit)
}

// row is the name of an expression over a row.
func (p *aggregatePlan) row(expr string) string {
	for i := range p.inner {
		name := "v" + strconv.Itoa(i)
		if p.inner[i] == expr+" AS "+name {
			return name
		}
	}
	name := "v" + strconv.Itoa(len(p.inner))
	p.inner = append(p.inner, expr+" AS "+name)
	return name
}

// out is where an expression over a group is read into; each is selected once.
func (p *aggregatePlan) out(expr string, made cell) cell {
	at := slices.IndexFunc(p.outputs, func(o output) bool { return o.expr == expr })
	if at < 0 {
		at = len(p.outputs)
		p.outputs = append(p.outputs, output{expr, made})
	}
	return p.outputs[at].cell
}

func (p *aggregatePlan) outer() []string {
	list := make([]string, len(p.outputs))
	for i, o := range p.outputs {
		list[i] = o.expr
	}
	return list
}

func (p *aggregatePlan) dests() []any {
	list := make([]any, len(p.outputs))
	for i, o := range p.outputs {
		list[i] = o.cell.dest()
	}
	return list
}

// group is the group that has been read.
func (p *aggregatePlan) group() (g query.Group, err error) {
	g.Keys, err = named(p.about.Keys, func(i int) (any, error) {
		return plainValue(p.about.Keys[i].Column, p.outputs[i].cell.value())
	})
	if err == nil {
		g.Values, err = named(p.about.Values, func(i int) (any, error) { return p.values[i]() })
	}
	return g, err
}

// value plans a part: what is read for it, and what becomes of that.
func (p *aggregatePlan) value(part query.AggregateColumn) (func() (any, error), error) {
	if part.Column == nil {
		return p.counted("count(*)"), nil
	}
	name := p.row(p.core.operand(part.Column, mainAlias))
	switch part.Func {
	case query.FuncCount:
		return p.counted("count(" + name + ")"), nil
	case query.FuncCountDistinct:
		return p.counted("count(DISTINCT " + name + ")"), nil
	case query.FuncMin, query.FuncMax:
		cell := p.out(string(part.Func)+"("+name+")", cellOf(part.Column))
		return func() (any, error) { return plainValue(part.Column, cell.value()) }, nil
	}
	if part.Column.Kind == registry.Float {
		return p.floatSum(part, name), nil
	}
	return p.exactSum(part, name)
}

func (p *aggregatePlan) counted(expr string) func() (any, error) {
	n := p.out(expr, &cellFor[int64]{})
	return func() (any, error) { return n.value(), nil }
}

// floatSum is a sum of floats, or their mean. Databases tell a sum beyond the
// range each in its way: as infinite, as null though there are values, or by an
// error.
func (p *aggregatePlan) floatSum(part query.AggregateColumn, name string) func() (any, error) {
	sum, count := p.out(floatTotal(p.core.dialect.Name(), name), &cellFor[float64]{}), p.out("count("+name+")", &cellFor[int64]{})
	return func() (any, error) {
		n, _ := count.value().(int64)
		total, ok := sum.value().(float64)
		switch {
		case n == 0:
			return nil, nil
		case !ok || !finite(total):
			return nil, beyond(part, "is beyond the range of 64-bit floating point: narrow the filter")
		case part.Func == query.FuncAvg:
			return total / float64(n), nil
		}
		return total, nil
	}
}

// exactSum is a sum of integers or decimals, or their mean, computed of exact
// numbers to the end.
func (p *aggregatePlan) exactSum(part query.AggregateColumn, name string) (func() (any, error), error) {
	sum, err := p.exactTotal(part, name)
	if err != nil {
		return nil, err
	}
	if part.Func == query.FuncSum {
		return func() (any, error) {
			total, err := sum()
			if err != nil || total == nil {
				return nil, err
			}
			return sumOf(part, total)
		}, nil
	}
	count := p.out("count("+name+")", &cellFor[int64]{})
	return func() (any, error) {
		n, _ := count.value().(int64)
		total, err := sum()
		if err != nil || total == nil || n == 0 {
			return nil, err
		}
		return meanOf(part.Column, total, n), nil
	}, nil
}

// beyond is the error for a result that its type cannot hold.
func beyond(part query.AggregateColumn, message string) error {
	return &joinery.Error{
		Kind: joinery.Invalid, Code: "out_of_range", Message: part.Name() + " " + message,
		Fields: []joinery.FieldError{{Parameter: part.Name(), Code: "out_of_range", Message: message}},
	}
}
