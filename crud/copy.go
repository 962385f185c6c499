package crud

import (
	"context"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
)

// Copy creates a row like the one with the given id, which needs Copy on that
// row and the right to create. The input of the creation has the row's values
// in the fields of C, but no owner: the actor owns the copy. overrides, where
// it is not nil, may change the input; then all is as by [Manager.Create], with
// its hooks. Relations are not copied. As Root and System own nothing that they
// create, they name the owner: in the input, or by [CreatedFor].
//
// A value of a unique key is copied too and makes a Conflict, unless overrides
// change it.
//
// Errors: NotFound (missing or hidden), Forbidden (it may be seen but not
// copied), those of Create, or what overrides returned.
func (m *Manager[T, C, U]) Copy(ctx context.Context, id uuid.UUID, overrides func(*C) error) (row T, err error) {
	actor, err := m.core.begin(ctx)
	if err != nil {
		return row, err
	}
	hooked := overrides != nil || hasAny(&m.hooks.All, &m.hooks.Create)
	err = m.core.inTx(ctx, hooked, func(ctx context.Context) error {
		input, err := m.copyOf(ctx, id)
		if err == nil && overrides != nil {
			err = overrides(&input)
		}
		if err != nil {
			return err
		}
		rows, err := m.createAll(ctx, actor, []creation[T, C]{{input: input}}, false)
		if err == nil {
			row = rows[0]
		}
		return err
	})
	return row, err
}

// copyOf is the Create input that a row amounts to for somebody else.
func (m *Manager[T, C, U]) copyOf(ctx context.Context, id uuid.UUID) (in C, err error) {
	actor, err := m.core.begin(ctx)
	if err != nil {
		return in, err
	}
	var source T
	ident := query.Ident{ID: id, Version: query.AnyVersion}
	read, err := m.core.preimages(ctx, []query.Ident{ident}, toCopy, func() unsafe.Pointer { return unsafe.Pointer(&source) })
	if err == nil {
		_, err = m.core.verdict(actor, read, ident, toCopy)
	}
	if err == nil {
		err = m.disown(&source)
	}
	if err == nil {
		err = project(m.createForm, unsafe.Pointer(&source), unsafe.Pointer(&in))
	}
	return in, err
}

// disown clears the owner of a row.
func (m *Manager[T, C, U]) disown(row *T) error {
	owner := m.core.model.Owner
	switch {
	case owner == nil:
		return nil
	case owner.Nullable:
		return owner.SetValue(unsafe.Pointer(row), nil)
	}
	return owner.SetValue(unsafe.Pointer(row), uuid.Nil)
}
