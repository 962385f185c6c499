package teams

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Target is with whom a row is shared. Make one with [WithUser], [WithTeam],
// [WithTeamRole] or [WithRole]; the zero Target is nobody, and Invalid.
type Target struct{ member, team, role *uuid.UUID }

// WithUser is one user.
func WithUser(user uuid.UUID) Target { return Target{member: &user} }

// WithTeam is everyone who reaches the team.
func WithTeam(team uuid.UUID) Target { return Target{team: &team} }

// WithTeamRole is everyone who reaches the team with the role, or with one that
// descends from it.
func WithTeamRole(team, role uuid.UUID) Target { return Target{team: &team, role: &role} }

// WithRole is everyone who has an active membership, wherever, in the role or
// in one that descends from it.
func WithRole(role uuid.UUID) Target { return Target{role: &role} }

// Sharing is what [Managers.Share] is given.
type Sharing struct {
	Model   string          // table name of the row's model, as "docs"
	RowID   uuid.UUID       // the row
	With    Target          // whom it is shared with
	Actions joinery.Actions // what they may do with it; at least one, and View for the others to be of use
	Until   time.Time       // when it ends by itself, in the future; zero: never
}

// Share lets a target do the actions with a row until the time given, no more
// and no less: where the row is shared with the very same target already, that
// grant is changed, and further ones for it are removed. Nothing is written
// where it is shared so already. It is one transaction, or part of the
// caller's.
//
// Each action stands for itself, and none brings View along: without View among
// Actions, the target can do nothing with the row, unless something else lets
// it view the row.
//
// The rules are those of grants: the actor of ctx needs Share on the row, and
// all that the grant allows before and after. Errors: Unauthenticated;
// Forbidden; Invalid at /model (no such table, or rows of it are not shared),
// /row_id (missing or hidden), /actions (none), /expires_at (Until is past by
// the managers' clock), /member_id (no target or no such user), /team_id or
// /role_id (missing or hidden).
func (m *Managers) Share(ctx context.Context, s Sharing) (perm.Grant, error) {
	var grant perm.Grant
	if err := m.check(s); err != nil {
		return grant, err
	}
	err := sqldb.InTx(ctx, m.db, func(ctx context.Context) error {
		found, err := m.shared(ctx, s.Model, s.RowID, s.With)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			grant, err = m.Grants.Create(ctx, s.grant())
			return err
		}
		if grant, err = m.reshare(ctx, found[0], s); err != nil {
			return err
		}
		return m.Grants.DeleteMany(ctx, idents(found[1:]))
	})
	if err != nil {
		return perm.Grant{}, err
	}
	return grant, nil
}

// Unshare ends what the row is shared with the very same target; what the
// target may do by other grants or rules stays. A row that is not shared with it
// is left as it is, without an error. It is one transaction, or part of the
// caller's.
//
// The rules are those of grants. Errors: Unauthenticated; NotFound for a row
// that is missing or hidden; Forbidden for who may not Share the row, or lacks
// on it what the grant allows; Invalid at /model for an unknown one and at
// /member_id without a target.
func (m *Managers) Unshare(ctx context.Context, model string, row uuid.UUID, with Target) error {
	of, err := m.table(model)
	if err != nil {
		return err
	}
	if err := with.check(); err != nil {
		return err
	}
	return sqldb.InTx(ctx, m.db, func(ctx context.Context) error {
		// Whoever may not share the row sees no grants, which must not look
		// as if there were none.
		if err := m.engine.Check(ctx, of, perm.Share, row); err != nil {
			return err
		}
		found, err := m.shared(ctx, model, row, with)
		if err != nil {
			return err
		}
		return m.Grants.DeleteMany(ctx, idents(found))
	})
}

// check refuses what is wrong whatever the row and whoever shares it.
func (m *Managers) check(s Sharing) error {
	if _, err := m.table(s.Model); err != nil {
		return err
	}
	if !s.Until.IsZero() && !s.Until.After(m.options.Now()) {
		return invalidAt("/expires_at", "past", "Until is "+s.Until.UTC().Format(time.RFC3339)+", which is past: name a time to come, or none for a sharing without an end; to end one, use Unshare")
	}
	if s.Actions == joinery.NoActions {
		return invalidAt("/actions", "required", "name at least one action; to end a sharing, use Unshare")
	}
	return s.With.check()
}

// table is the model of a table's name.
func (m *Managers) table(name string) (*registry.Model, error) {
	of := m.reg.Model(name)
	if of == nil {
		return nil, invalidAt("/model", "unknown", m.unknown(name))
	}
	return of, nil
}

// unknown says that no table has the name, and which one is meant where the
// name is that of a model's struct.
func (m *Managers) unknown(name string) string {
	for _, of := range m.reg.Models() {
		if strings.EqualFold(of.Name, name) || strings.EqualFold(of.Table, name) {
			return fmt.Sprintf("no table %q is known: name the model by its table, which is %q", name, of.Table)
		}
	}
	return fmt.Sprintf("no table %q is known: name the model by its table, as %q", name, perm.TeamsTable)
}

// shared is the live grants on a row to the very target, the first made first.
// The row is locked, so that two who share it at once do not both find none.
func (m *Managers) shared(ctx context.Context, model string, row uuid.UUID, with Target) ([]perm.Grant, error) {
	if err := m.lockRow(ctx, m.reg.Model(model), row); err != nil {
		return nil, err
	}
	var found []perm.Grant
	for grant, err := range m.Grants.All(ctx, query.Query{Filter: with.filter(model, row)}) {
		if err != nil {
			return nil, err
		}
		found = append(found, grant)
	}
	return found, nil
}

// lockRow locks the row until the transaction ends, where the transaction
// itself is no such lock.
func (m *Managers) lockRow(ctx context.Context, of *registry.Model, row uuid.UUID) error {
	d := m.db.Dialect()
	if of.ID == nil || !d.Has(sqldb.ForUpdate) {
		return nil
	}
	lock := "FOR UPDATE"
	if d.Has(sqldb.ForNoKeyUpdate) {
		lock = "FOR NO KEY UPDATE"
	}
	_, err := sqldb.Column[int64](ctx, m.db, squirrel.Select("1").From(d.Quote(of.Table)).Where(d.Quote(of.ID.Name)+" = ?", row).Suffix(lock))
	return err
}

// reshare changes a grant to what the row is to be shared for.
func (m *Managers) reshare(ctx context.Context, g perm.Grant, s Sharing) (perm.Grant, error) {
	until := s.until()
	if g.Actions == s.Actions && sameTime(g.ExpiresAt, until) {
		return g, nil
	}
	change := UpdateGrant{Actions: crud.Set(s.Actions), ExpiresAt: crud.Null[time.Time]()}
	if until != nil {
		change.ExpiresAt = crud.Set(*until)
	}
	return m.Grants.Update(ctx, g.ID, g.Version, change)
}

// sameTime compares times as databases keep them.
func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}

// check refuses the zero Target.
func (t Target) check() error {
	if t == (Target{}) {
		return invalidAt("/member_id", "target", "name a target: a user, a team, a team and a role, or a role")
	}
	return nil
}

// grant is the sharing as a new grant.
func (s Sharing) grant() CreateGrant {
	return CreateGrant{
		Model: s.Model, RowID: s.RowID, Actions: s.Actions, ExpiresAt: s.until(),
		MemberID: s.With.member, TeamID: s.With.team, RoleID: s.With.role,
	}
}

func (s Sharing) until() *time.Time {
	if s.Until.IsZero() {
		return nil
	}
	return &s.Until
}

// filter is the grants on a row to the target and to nobody else.
func (t Target) filter(model string, row uuid.UUID) query.Filter {
	is := func(field string, id *uuid.UUID) query.Filter {
		if id == nil {
			return query.IsNull(field)
		}
		return query.Eq(field, *id)
	}
	return query.And(query.Eq("model", model), query.Eq("row_id", row),
		is("member_id", t.member), is("team_id", t.team), is("role_id", t.role))
}

// idents name grants as they were read.
func idents(grants []perm.Grant) []crud.Ident {
	list := make([]crud.Ident, len(grants))
	for i, g := range grants {
		list[i] = crud.Ident{ID: g.ID, Version: g.Version}
	}
	return list
}

// invalidAt is the error for one field.
func invalidAt(pointer, code, message string) error {
	return &joinery.Error{
		Kind: joinery.Invalid, Message: "the row cannot be shared so",
		Fields: []joinery.FieldError{{Pointer: pointer, Code: code, Message: message}},
	}
}
