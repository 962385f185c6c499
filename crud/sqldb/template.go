package sqldb

// Slot stands for a value that comes later: as a value in a squirrel builder
// that is compiled, Slot(i) means the i-th value given to [Template.Bind].
type Slot int

// Template is a statement compiled once, to be run with other values each
// time. It is immutable and safe for concurrent use.
type Template struct {
	dialect Dialect
	sql     string
	args    []any // Slot, or a constant already bound
	slots   int   // one more than the highest Slot
	write   bool
	reads   bool // the text is a query's, as [writes] sees it
	generic bool
}

// Compile runs the builder once and keeps its text. Its values must be Slots,
// or constants that stay the same for every use. On PostgreSQL a Slot that
// occurs several times becomes one parameter, so its occurrences must be of
// one SQL type.
func Compile(d Dialect, stmt Sqlizer) (*Template, error) {
	t := &Template{dialect: d}
	if m, ok := stmt.(marked); ok {
		t.write, t.generic, stmt = m.write, m.generic, m.Sqlizer
	}
	text, args, err := written(stmt)
	if err != nil {
		return nil, err
	}
	if t.sql, err = number(d, text, len(args), t.params(args)); err != nil {
		return nil, err
	}
	t.reads = !writes(t.sql)
	return t, nil
}

// params takes over the values and gives each its parameter's number.
func (t *Template) params(args []any) func(int) int {
	numbers := make([]int, len(args))
	bySlot := map[Slot]int{}
	once := numbered(t.dialect)
	for i, v := range args {
		slot, isSlot := v.(Slot)
		if n := bySlot[slot]; isSlot && once && n > 0 {
			numbers[i] = n
			continue
		}
		if isSlot {
			t.slots = max(t.slots, int(slot)+1)
		} else {
			v = t.dialect.Bind(v)
		}
		t.args = append(t.args, v)
		numbers[i] = len(t.args)
		if isSlot {
			bySlot[slot] = numbers[i]
		}
	}
	return func(i int) int { return numbers[i] }
}

// SQL is the text in the database's form.
func (t *Template) SQL() string { return t.sql }

// Slots is how many values Bind needs at least.
func (t *Template) Slots() int { return t.slots }

// Bind is the statement with the values in their slots, bound for the
// database. It panics when there are fewer values than [Template.Slots]: that
// is a mistake of the program.
func (t *Template) Bind(values []any) Stmt {
	args := make([]any, len(t.args))
	for i, v := range t.args {
		if slot, ok := v.(Slot); ok {
			v = t.dialect.Bind(values[slot])
		}
		args[i] = v
	}
	return Stmt{SQL: t.sql, Args: args, bound: true, write: t.write, reads: t.reads, generic: t.generic}
}
