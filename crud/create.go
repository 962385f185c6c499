package crud

import (
	"context"
	"time"
	"unsafe"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Create writes a new row for the context's actor and returns it as stored.
// Errors: Unauthenticated, Forbidden (a team or parent that may be seen but not
// created in), Invalid with every field at fault, Conflict (a unique key,
// naming its fields), or what a hook returned.
func (m *Manager[T, C, U]) Create(ctx context.Context, in C) (T, error) {
	rows, err := m.create(ctx, []creation[T, C]{{input: in}}, false)
	if err != nil {
		var zero T
		return zero, err
	}
	return rows[0], nil
}

// CreateMany writes all rows or none, in one transaction and one statement per
// 500 rows. Errors are those of Create; the pointers of fields begin with the
// index of the row, as "/3/title". No rows: an empty answer and no statement.
func (m *Manager[T, C, U]) CreateMany(ctx context.Context, in []C) ([]T, error) {
	list := make([]creation[T, C], len(in))
	for i := range in {
		list[i].input = in[i]
	}
	return m.create(ctx, list, true)
}

// CreateRow writes a whole row, with all columns as given; what is zero of id,
// times, version and creator is filled in as by Create. Only System and Root
// may; hooks, validation and permissions run as for Create, with an Input made
// of the row.
func (m *Manager[T, C, U]) CreateRow(ctx context.Context, row T) (T, error) {
	var zero T
	if err := m.core.beginWhole(ctx); err != nil {
		return zero, err
	}
	input, err := m.inputOf(&row)
	if err != nil {
		return zero, err
	}
	rows, err := m.create(ctx, []creation[T, C]{{row: &row, input: input}}, false)
	if err != nil {
		return zero, err
	}
	return rows[0], nil
}

// creation is one row on its way into the table.
type creation[T, C any] struct {
	input C
	row   *T // a whole row to begin with; nil: made of the input alone
	event *CreateEvent[T, C]
	hooks phases[T, CreateEvent[T, C]]
}

func (m *Manager[T, C, U]) create(ctx context.Context, list []creation[T, C], many bool) (rows []T, err error) {
	actor, err := m.core.begin(ctx)
	if err != nil || len(list) == 0 {
		return []T{}, err
	}
	run := func(ctx context.Context) (err error) {
		rows, err = m.createAll(ctx, actor, list, many)
		return err
	}
	if many || hasAny(&m.hooks.All, &m.hooks.Create) || m.core.placeCond == nil || m.core.replaces() || m.core.joins(ctx) {
		err = m.core.inTx(ctx, hasAny(&m.hooks.All, &m.hooks.Create), run)
	} else {
		err = run(ctx)
	}
	return rows, err
}

func (m *Manager[T, C, U]) createAll(ctx context.Context, actor joinery.Actor, list []creation[T, C], many bool) ([]T, error) {
	c, now := m.core, m.core.stamp()
	problems := verdicts{many: many}
	apart := many || c.placeCond == nil // judged apart from the statement that writes
	pending, at := make([]unsafe.Pointer, 0, len(list)), make([]int, 0, len(list))
	for i := range list {
		made, err := m.prepareCreate(ctx, actor, &list[i], now)
		if err != nil && rank(err) == 0 {
			return nil, err
		}
		problems.add(i, err)
		if !made {
			continue
		}
		row := unsafe.Pointer(&list[i].event.Row)
		pending = append(pending, row)
		at = append(at, i)
		if err != nil || apart || c.replaces() {
			problems.add(i, c.access.Place(ctx, c.model, nil, c.rowAt(row)))
		}
	}
	if err := problems.answer(); err != nil {
		return nil, err
	}
	if apart && holding(actor) {
		if err := c.holdNew(ctx, pending, at, &problems); err != nil {
			return nil, err
		}
	}
	if err := c.write(ctx, actor, pending, many); err != nil {
		return nil, err
	}
	return m.finishCreate(ctx, list)
}

// prepareCreate runs the Before hooks and makes the row of what they leave.
// made is false when a hook skipped the creation. An error of kind Invalid has
// the fields at fault; the row is made all the same.
func (m *Manager[T, C, U]) prepareCreate(ctx context.Context, actor joinery.Actor, one *creation[T, C], at time.Time) (made bool, err error) {
	one.event = &CreateEvent[T, C]{Input: one.input}
	one.hooks = phases[T, CreateEvent[T, C]]{
		all: &m.hooks.All, own: &m.hooks.Create, event: one.event,
		view: Event[T]{Op: query.OpCreate, Row: &one.event.Row},
	}
	if one.row != nil {
		one.event.Row = *one.row
	}
	if err := one.hooks.before(ctx); err != nil {
		return false, err
	}
	if row, skipped := one.event.Skipped(); skipped {
		one.event.Row = row
		return false, nil
	}
	return true, m.fill(ctx, actor, one.event, at)
}

// fill makes the row: input, defaults, identity. Then it is validated.
func (m *Manager[T, C, U]) fill(ctx context.Context, actor joinery.Actor, e *CreateEvent[T, C], at time.Time) error {
	c, row := m.core, unsafe.Pointer(&e.Row)
	in := unsafe.Pointer(&e.Input)
	sent, fields, err := apply(m.createForm, in, row)
	if err == nil {
		err = c.fillDefaults(row, func(col *registry.Column) bool { return present(m.createForm, in, col) })
	}
	if err == nil {
		err = c.identify(ctx, actor, at, row)
	}
	if err != nil {
		return err
	}
	fields = append(fields, append(c.unkeyed(row), storable(sent, row)...)...)
	fields = append(fields, c.validator.Struct(&e.Row)...)
	fields = append(fields, c.validator.Struct(&e.Input)...)
	if len(fields) > 0 {
		return invalid(unique(fields)...)
	}
	return nil
}

// write inserts the rows. One row is judged in the statement itself where
// Access can; nothing written then is explained by Place.
func (c *core) write(ctx context.Context, actor joinery.Actor, rows []unsafe.Pointer, many bool) error {
	if len(rows) == 0 {
		return nil
	}
	var on placing
	if !many && c.placeCond != nil {
		var err error
		if on.allowed, err = c.placeCond.PlaceCond(ctx, c.model, c.rowAt(rows[0])); err != nil {
			return err
		}
		if holding(actor) {
			on.held = c.holds(rows[0], c.columns)
		}
	}
	c.sign(actor, rows)
	written, err := c.insertAll(ctx, rows, on, many)
	if err != nil {
		return c.refused(ctx, err, rows, many)
	}
	if written {
		return c.forgetOld(ctx, rows)
	}
	return c.unplaced(ctx, rows, on.held)
}

// unplaced is why a single row was not written: what Access says, or that it
// refers to rows that are not there.
func (c *core) unplaced(ctx context.Context, rows []unsafe.Pointer, held []*registry.Column) error {
	if err := c.access.Place(ctx, c.model, nil, c.rowAt(rows[0])); err != nil {
		return err
	}
	if err := c.holdOne(ctx, rows[0], held); err != nil {
		return err
	}
	if err := orphaned(c.danglingAmong(ctx, held, rows)); err != nil {
		return err
	}
	return joinery.Errorf(joinery.Unavailable, "changed_meanwhile", "what allows this changed at the same moment: try again")
}

// finishCreate runs the After hooks and queues what follows the commit.
func (m *Manager[T, C, U]) finishCreate(ctx context.Context, list []creation[T, C]) ([]T, error) {
	rows := make([]T, len(list))
	for i := range list {
		one := &list[i]
		one.hooks.view.ID = m.core.id(unsafe.Pointer(&one.event.Row))
		if err := one.hooks.after(ctx); err != nil {
			return nil, err
		}
		rows[i] = one.event.Row
		_, skipped := one.event.Skipped()
		m.core.committed(ctx, one.hooks.committed, skipped, query.OpCreate, unsafe.Pointer(&one.event.Row))
	}
	return rows, nil
}
