package perm

import (
	"context"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// Place says whether the actor of ctx may create the row new (old is nil), or
// change old into new; both with their final values, all columns filled in. It
// judges the values that change, and the row itself as the database holds it:
// whether the actor may Edit it at all, Delete it where it leaves a team or an
// inherited parent, Share it where its owner changes.
//
// Call it inside the transaction of the write, before the write. It issues one
// statement at most, and one more that takes a lock where a row moves within a
// tree. On PostgreSQL that lock needs READ COMMITTED, sqldb's default: a
// stricter transaction does not see what those before it have moved.
//
// The error is Unauthenticated, NotFound (old may not be viewed), Forbidden,
// or Invalid with every field at fault, in this precedence. A team or row that
// is named but may not be viewed is Invalid with code "not_found", as if it
// did not exist. Other codes: "required" for an owner that System or Root does
// not name, "fixed" for what cannot be changed, "cycle", "not_usable" for a
// role outside its team, "not_grantable" and "target" for grants.
func (e *Engine) Place(ctx context.Context, m *registry.Model, old, new registry.Row) error {
	j, err := e.judgement(ctx, m, old, new)
	if err != nil {
		return err
	}
	if old == nil && j.refused {
		return j.settled()
	}
	if err := j.lock(ctx); err != nil {
		return err
	}
	return j.judge(ctx)
}

// PlaceCond is Place for a create, as a condition over no table for the insert
// itself: INSERT … SELECT … WHERE. Nil without an error: nothing is left to
// ask. When the condition does not hold, Place says why. Errors that no answer
// of the database could change are those of Place.
func (e *Engine) PlaceCond(ctx context.Context, m *registry.Model, new registry.Row) (squirrel.Sqlizer, error) {
	j, err := e.judgement(ctx, m, nil, new)
	if err != nil {
		return nil, err
	}
	if j.refused || len(j.asks) == 0 {
		return nil, j.settled()
	}
	if len(j.fields) > 0 { // but the database may say Forbidden, which goes before
		j.require(never(), invalid)
	}
	s, err := e.places.GetOr(placeKey{j.class, j.shape(), true}, func() (*statement, error) {
		cp, err := e.compile(j.class, j.actor, j.all)
		return &statement{compiled: cp}, err
	})
	if err != nil {
		return nil, err
	}
	return s.compiled.cond(e, j.actor, j.args()...)
}

// judgement gathers what there is to say about a write.
func (e *Engine) judgement(ctx context.Context, m *registry.Model, old, new registry.Row) (*judgement, error) {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return nil, err
	}
	j := &judgement{e: e, m: m, actor: actor, class: e.classOf(actor)}
	if old == nil {
		j.create(new)
	} else {
		j.change(old, new)
	}
	return j, nil
}

// create judges a new row.
func (j *judgement) create(new registry.Row) {
	if j.class == anonymous || !j.actor.Allows(j.m.Table, Edit) {
		j.refuse()
	}
	if !j.trusted() && (j.m.Policy.System || j.m.Policy.Private || j.m == j.e.bound.users) {
		j.refuse()
	}
	j.owner(new)
	if !j.special(nil, new) {
		j.references(nil, new)
	}
}

// owner judges who a new row is to belong to: the actor, or whom System and
// Root name. Where the model has no user_id, created_by_id is the owner, which
// no caller chooses but those two.
func (j *judgement) owner(new registry.Row) {
	column := j.m.Owner
	if column == nil {
		column = j.m.CreatedBy
	}
	if column == nil {
		return
	}
	owner, named := new.UUID(column.Name)
	switch {
	case j.trusted() && (!named || owner == uuid.Nil):
		pointer := "/user_id"
		if j.m.Owner != nil {
			pointer = "/" + j.m.Owner.JSON
		}
		j.fields = append(j.fields, joinery.FieldError{Pointer: pointer, Code: "required", Message: "name the owner: who acts as System or Root owns nothing by default"})
	case !j.trusted() && column == j.m.Owner && named && owner != j.actor.ID:
		j.refuse()
	}
}

// change judges new values of a row that exists.
func (j *judgement) change(old, new registry.Row) {
	id, _ := old.UUID(j.m.ID.Name)
	j.row = id
	j.unseen = !j.actor.Allows(j.m.Table, View) // line 0
	if j.m == j.e.bound.grants {
		j.on, _ = old.Value("model").(string)
	}
	j.visible = j.require(j.e.askGrant(j.on, j.m, View, id), hidden)
	j.needOnRow(Edit)
	j.changeOwner(old, new)
	if j.special(old, new) {
		return
	}
	if j.leaves(old, new) {
		j.needOnRow(Delete)
	}
	j.references(old, new)
}

// needOnRow adds that the row that is changed needs x, as the database holds
// it.
func (j *judgement) needOnRow(x Actions) {
	if !j.actor.Allows(j.m.Table, x) { // line 0
		j.refuse()
	}
	j.require(j.e.askGrant(j.on, j.m, x, j.row), refused, j.visible)
}

// changeOwner judges a new user_id.
func (j *judgement) changeOwner(old, new registry.Row) {
	if j.m.Owner == nil || same(old, new, j.m.Owner.Name) {
		return
	}
	j.needOnRow(Share)
	owner, named := new.UUID(j.m.Owner.Name)
	if !j.trusted() && (!named || j.e.options.IDs.Contains(owner)) {
		j.refuse()
	}
}

// same reports whether a column of ids has the same value in both rows.
func same(old, new registry.Row, column string) bool {
	a, hasA := old.UUID(column)
	b, hasB := new.UUID(column)
	return hasA == hasB && a == b
}
