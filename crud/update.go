package crud

import (
	"context"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Update changes the fields that are present in the input and returns the new
// row. version is the one that the caller saw, or [AnyVersion]; models without
// a version column ignore it. With nothing present nothing is written. A
// change that takes the row out of the actor's sight returns the zero T.
//
// Errors: NotFound (missing or hidden), Forbidden, Stale with the current
// version, Invalid with every field at fault, Conflict, or what a hook
// returned; where several hold, the first in this order.
func (m *Manager[T, C, U]) Update(ctx context.Context, id uuid.UUID, version int64, in U) (T, error) {
	return m.updateOne(ctx, update[T, U]{id: id, version: version, input: in})
}

// UpdateMany makes all changes or none, in one transaction. Errors are those
// of Update; the pointers of fields begin with the index of the change. A row
// named twice is Invalid.
func (m *Manager[T, C, U]) UpdateMany(ctx context.Context, changes []query.Change[U]) ([]T, error) {
	list := make([]update[T, U], len(changes))
	for i, ch := range changes {
		list[i] = update[T, U]{id: ch.ID, version: ch.Version, input: ch.Update}
	}
	actor, err := m.core.begin(ctx)
	if err != nil || len(list) == 0 {
		return []T{}, err
	}
	var rows []T
	err = m.core.inTx(ctx, hasAny(&m.hooks.All, &m.hooks.Update), func(ctx context.Context) (err error) {
		rows, err = m.updateAll(ctx, actor, list, true)
		return err
	})
	return rows, err
}

// UpdateRow writes all columns of the row but those that the manager itself
// keeps (id, creation, version). Only System and Root may; hooks, validation
// and permissions run as for Update, with an Input made of the row. The row's
// version is the one it must still have; 0 stands for [AnyVersion].
func (m *Manager[T, C, U]) UpdateRow(ctx context.Context, row T) (T, error) {
	var zero T
	if err := m.core.beginWhole(ctx); err != nil {
		return zero, err
	}
	input, err := m.changeOf(&row)
	if err != nil {
		return zero, err
	}
	p := unsafe.Pointer(&row)
	return m.updateOne(ctx, update[T, U]{id: m.core.id(p), version: m.core.versionOrAny(p), row: &row, input: input})
}

// update is one row on its way to being changed.
type update[T, U any] struct {
	id      uuid.UUID
	version int64
	input   U
	row     *T // a whole row to write; nil: the input's fields only
	event   *UpdateEvent[T, U]
	hooks   phases[T, UpdateEvent[T, U]]
	old     T
	sent    []*registry.Column
	done    bool // nothing to write: skipped by a hook, or nothing sent
	gone    bool // the change took the row out of the actor's sight
}

func (m *Manager[T, C, U]) updateOne(ctx context.Context, one update[T, U]) (row T, err error) {
	actor, err := m.core.begin(ctx)
	if err != nil {
		return row, err
	}
	list := []update[T, U]{one}
	run := func(ctx context.Context) error {
		rows, err := m.updateAll(ctx, actor, list, false)
		if err == nil {
			row = rows[0]
		}
		return err
	}
	if m.direct(&one) {
		run = func(ctx context.Context) (err error) {
			row, err = m.updateDirect(ctx, actor, &one)
			return err
		}
		if !hasAny(&m.hooks.All, &m.hooks.Update) && !m.core.joins(ctx) {
			err = run(ctx)
			return row, err
		}
	}
	err = m.core.inTx(ctx, hasAny(&m.hooks.All, &m.hooks.Update), run)
	return row, err
}

// updateAll reads the rows, judges every change and then writes them.
func (m *Manager[T, C, U]) updateAll(ctx context.Context, actor joinery.Actor, list []update[T, U], many bool) ([]T, error) {
	c := m.core
	problems := verdicts{many: many}
	if err := m.readOld(ctx, actor, list, &problems); err != nil {
		return nil, err
	}
	at := c.stamp()
	for i := range list {
		err := m.prepareUpdate(ctx, actor, &list[i], at)
		if err != nil && rank(err) == 0 {
			return nil, err
		}
		problems.add(i, err)
	}
	if err := problems.answer(); err != nil {
		return nil, err
	}
	return m.writeUpdates(ctx, actor, list, &problems)
}

// prepareUpdate runs the Before hooks, makes the new row and judges it.
func (m *Manager[T, C, U]) prepareUpdate(ctx context.Context, actor joinery.Actor, one *update[T, U], at time.Time) error {
	m.open(one)
	if err := one.hooks.before(ctx); err != nil {
		return err
	}
	if row, skipped := one.event.Skipped(); skipped {
		one.event.Row, one.done = row, true
		return nil
	}
	one.event.Row = one.old
	fields, err := m.merge(one)
	if err != nil {
		return err
	}
	if one.done = len(one.sent) == 0 && len(fields) == 0; one.done {
		return nil
	}
	m.core.touch(unsafe.Pointer(&one.event.Row), actor, at)
	fields = append(fields, storable(one.sent, unsafe.Pointer(&one.event.Row))...)
	fields = append(fields, m.core.validateSent(&one.event.Row, one.sent)...)
	fields = append(fields, m.core.validator.Struct(&one.event.Input)...)
	problems := verdicts{}
	if len(fields) > 0 {
		problems.add(0, invalid(unique(fields)...))
	}
	if m.core.moves(one.sent) {
		problems.add(0, m.core.access.Place(ctx, m.core.model, m.core.model.RowOf(&one.old), m.core.model.RowOf(&one.event.Row)))
		if err := problems.answer(); err != nil || !holding(actor) {
			return err
		}
		return m.core.holdMoved(ctx, unsafe.Pointer(&one.old), unsafe.Pointer(&one.event.Row), one.sent)
	}
	return problems.answer()
}

// open makes the event of an update whose row was read.
func (m *Manager[T, C, U]) open(one *update[T, U]) {
	one.event = &UpdateEvent[T, U]{ID: one.id, Version: one.version, Input: one.input, Row: one.old}
	one.hooks = phases[T, UpdateEvent[T, U]]{
		all: &m.hooks.All, own: &m.hooks.Update, event: one.event,
		view: Event[T]{Op: query.OpUpdate, ID: one.id, Row: &one.event.Row},
	}
}

// merge writes what is sent into the event's row.
func (m *Manager[T, C, U]) merge(one *update[T, U]) (fields []joinery.FieldError, err error) {
	row := unsafe.Pointer(&one.event.Row)
	if one.row != nil {
		if one.sent, err = m.core.overwrite(row, unsafe.Pointer(one.row)); err != nil {
			return nil, err
		}
	}
	sent, fields, err := apply(m.updateForm, unsafe.Pointer(&one.event.Input), row)
	if one.row == nil {
		one.sent = sent
	}
	return fields, err
}

// writeUpdates runs the statements in the order of the ids, so that two
// batches over the same rows cannot lock each other out.
func (m *Manager[T, C, U]) writeUpdates(ctx context.Context, actor joinery.Actor, list []update[T, U], problems *verdicts) ([]T, error) {
	for _, i := range byID(list, func(u update[T, U]) uuid.UUID { return u.id }) {
		one := &list[i]
		if one.done {
			continue
		}
		row := unsafe.Pointer(&one.event.Row)
		written, err := m.core.updateRow(ctx, one.id, one.version, one.sent, row)
		if err != nil {
			problems.add(i, m.core.explain(ctx, err, []unsafe.Pointer{row}))
			return nil, problems.answer()
		}
		if !written {
			problems.add(i, m.core.diagnose(ctx, actor, one.id, one.version, toUpdate))
		}
	}
	if err := problems.answer(); err != nil {
		return nil, err
	}
	rows := make([]T, len(list))
	for i := range list {
		if err := m.finishUpdate(ctx, &list[i]); err != nil {
			return nil, err
		}
		if !list[i].gone {
			rows[i] = list[i].event.Row
		}
	}
	return rows, nil
}

// finishUpdate runs the After hooks and queues what follows the commit. Who
// gave the row away is told no more of it.
func (m *Manager[T, C, U]) finishUpdate(ctx context.Context, one *update[T, U]) (err error) {
	if err := one.hooks.after(ctx); err != nil {
		return err
	}
	if _, skipped := one.event.Skipped(); one.done && !skipped {
		return nil
	}
	m.core.committed(ctx, one.hooks.committed, one.done, query.OpUpdate, unsafe.Pointer(&one.event.Row))
	if !one.done && m.core.moves(one.sent) {
		one.gone, err = m.core.hidden(onPrimary(ctx), one.id)
	}
	return err
}

// readOld reads the rows of the list as they are and answers for those that
// the actor may not change, or changed since.
func (m *Manager[T, C, U]) readOld(ctx context.Context, actor joinery.Actor, list []update[T, U], problems *verdicts) error {
	idents := make([]query.Ident, len(list))
	for i, one := range list {
		idents[i] = query.Ident{ID: one.id, Version: one.version}
	}
	old := make([]T, 0, len(list))
	read, err := m.core.preimages(ctx, idents, toUpdate, func() unsafe.Pointer {
		var zero T
		old = append(old, zero)
		return unsafe.Pointer(&old[len(old)-1])
	})
	if err != nil {
		return err
	}
	for i, ident := range idents {
		at, err := m.core.verdict(actor, read, ident, toUpdate)
		if problems.add(i, err); err == nil {
			list[i].old = old[at]
		}
	}
	if err := problems.answer(); err != nil {
		return err
	}
	return repeated(idents)
}
