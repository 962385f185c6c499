package crud

import (
	"context"
	"unsafe"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// direct reports whether an update can be one statement: nothing needs the row
// as it is before it is written.
func (m *Manager[T, C, U]) direct(one *update[T, U]) bool {
	if one.row != nil || hasBefore(&m.hooks.All, &m.hooks.Update) || !m.core.dialect.Has(sqldb.ReturningUpdate) {
		return false
	}
	for _, f := range m.updateForm.Fields {
		if _, set := f.Get(unsafe.Pointer(&one.input)); set && m.core.needsOld(f.Column) {
			return false
		}
	}
	return true
}

// needsOld reports whether a change of the column is judged against the row as
// it was: where it belongs, and what other columns it must agree with.
func (c *core) needsOld(col *registry.Column) bool {
	return c.places(col) || len(c.ties[col.JSON]) > 0
}

// updateDirect validates what is sent and writes it in one statement. Where
// that writes nothing, or validation fails, one more statement finds out what
// the answer is.
func (m *Manager[T, C, U]) updateDirect(ctx context.Context, actor joinery.Actor, one *update[T, U]) (row T, err error) {
	m.open(one)
	fields, err := m.merge(one)
	if err != nil {
		return row, err
	}
	fields = append(fields, storable(one.sent, unsafe.Pointer(&one.event.Row))...)
	fields = append(fields, m.core.validateSent(&one.event.Row, one.sent)...)
	fields = append(fields, m.core.validator.Struct(&one.event.Input)...)
	if len(fields) > 0 {
		return row, m.refuse(ctx, actor, one, invalid(unique(fields)...))
	}
	if len(one.sent) == 0 {
		return m.unchanged(ctx, actor, one)
	}
	p := unsafe.Pointer(&one.event.Row)
	m.core.touch(p, actor, m.core.stamp())
	written, err := m.core.updateRow(ctx, one.id, one.version, one.sent, p)
	switch {
	case err != nil:
		return row, m.core.explain(ctx, err, []unsafe.Pointer{p})
	case !written:
		return row, m.core.diagnose(ctx, actor, one.id, one.version, toUpdate)
	}
	err = m.finishUpdate(ctx, one)
	return one.event.Row, err
}

// refuse answers that the input is not valid, unless the row may not be
// changed at all.
func (m *Manager[T, C, U]) refuse(ctx context.Context, actor joinery.Actor, one *update[T, U], problem error) error {
	if _, err := m.core.judge(ctx, actor, one.id, one.version, toUpdate); err != nil {
		return err
	}
	return problem
}

// unchanged answers an update that brings nothing: the row as it is.
func (m *Manager[T, C, U]) unchanged(ctx context.Context, actor joinery.Actor, one *update[T, U]) (row T, err error) {
	list, problems := []update[T, U]{{id: one.id, version: one.version}}, verdicts{}
	if err := m.readOld(ctx, actor, list, &problems); err != nil {
		return row, err
	}
	one.event.Row, one.done = list[0].old, true
	err = m.finishUpdate(ctx, one)
	return one.event.Row, err
}
