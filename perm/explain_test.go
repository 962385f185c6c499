package perm_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

func person(id uuid.UUID) joinery.Actor { return joinery.Actor{ID: id, Kind: joinery.User} }

func TestExplainLeadsFromTheMembershipToTheRow(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, top := newID(), w.team(nil)
		mid := w.team(&top)
		low := w.team(&mid)
		viewer := perm.Role{Entity: entity(ann), Name: "viewer", Actions: perm.View}
		insert(w, &viewer)
		guide := perm.Role{Entity: entity(ann), Name: "guide", Actions: perm.Edit, ParentID: &viewer.ID}
		insert(w, &guide)
		end := w.now.Add(time.Hour)
		m := perm.Membership{Entity: entity(ann), TeamID: top, MemberID: ann, RoleID: guide.ID, ExpiresAt: &end}
		insert(w, &m)

		e, err := w.e.Explain(w.as(ann), person(ann), w.model("projects"), perm.View, w.project(&low))
		is.NoErr(err)
		is.True(e.Allowed)
		is.Equal(e.Rule, 12)
		is.Equal(e.Reason, "may view: a role in the row's team, or in a team above it, includes the action")
		is.True(e.Until.Equal(end))
		path := lineOf(e, 12).Paths[0]
		is.Equal(path.Membership.ID, m.ID)
		is.True(path.Membership.ExpiresAt.Equal(end))
		is.Equal([]uuid.UUID{path.Teams[0].ID, path.Teams[1].ID, path.Teams[2].ID}, []uuid.UUID{top, mid, low})
		is.True(path.Role.Redacted == false && path.Role.Name == "guide")
		is.Equal(path.By.Name, "viewer")
	})
}

// lineOf is what the explanation says of a line.
func lineOf(e registry.Explanation, line int) registry.ExplainedRule {
	for _, l := range e.Rules {
		if l.Rule == line {
			return l
		}
	}
	return registry.ExplainedRule{}
}

func TestExplainIsForWhoMayAsk(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, bob, team := newID(), newID(), w.team(nil)
		w.member(team, ann, w.role(perm.View))
		w.member(team, bob, w.role(perm.View|perm.Share))
		p, hidden, m := w.project(&team), w.project(nil), w.model("projects")
		ask := func(asker, who joinery.Actor, a perm.Actions, id uuid.UUID) error {
			_, err := w.e.Explain(joinery.WithActor(t.Context(), asker), who, m, a, id)
			return err
		}
		scoped := person(ann)
		scoped.Scope = map[string]joinery.Actions{"projects": perm.View}
		blind := person(bob)
		blind.Scope = map[string]joinery.Actions{"teams": perm.View}

		is.NoErr(ask(person(ann), person(ann), perm.Edit, p))
		is.NoErr(ask(person(ann), scoped, perm.Edit, p)) // what a key of one's own may do
		is.NoErr(ask(scoped, scoped, perm.Edit, p))
		is.True(joinery.IsKind(ask(scoped, person(ann), perm.Edit, p), joinery.Forbidden)) // a key asks for more than itself
		is.True(joinery.IsKind(ask(blind, blind, perm.View, p), joinery.NotFound))
		is.True(joinery.IsKind(ask(person(ann), person(bob), perm.View, p), joinery.Forbidden))
		is.NoErr(ask(person(bob), person(ann), perm.View, p))
		is.NoErr(ask(person(bob), joinery.Actor{}, perm.View, p))
		is.NoErr(ask(joinery.SystemActor(), person(ann), perm.View, hidden))
		is.NoErr(ask(joinery.RootActor(), person(ann), perm.View, hidden))
		is.True(joinery.IsKind(ask(joinery.Actor{}, joinery.Actor{}, perm.View, p), joinery.NotFound))
		for _, a := range []perm.Actions{perm.View | perm.Edit, 1 << 6, 255} {
			is.True(joinery.IsKind(ask(person(ann), person(ann), a, p), joinery.Invalid)) // not one action
		}
		_, err := w.e.Explain(t.Context(), person(ann), m, perm.View, p)
		is.True(joinery.IsKind(err, joinery.Unauthenticated)) // nobody asks
	})
}

func TestExplainDoesNotTellHiddenFromMissing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, hidden, m := newID(), w.project(nil), w.model("projects")
		ask := func(id uuid.UUID) (string, int64) {
			before := w.db.Stats().Statements
			e, err := w.e.Explain(w.as(ann), person(newID()), m, perm.Edit, id)
			is.Equal(e, registry.Explanation{})
			is.True(joinery.IsKind(err, joinery.NotFound))
			return err.Error(), w.db.Stats().Statements - before
		}
		forHidden, asked := ask(hidden)
		forMissing, askedToo := ask(newID())
		is.Equal(forHidden, forMissing)
		is.Equal(asked, askedToo)
	})
}

func TestExplainNeedsView(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		w.member(team, ann, w.role(perm.Edit))
		e, err := w.e.Explain(joinery.WithActor(t.Context(), joinery.RootActor()), person(ann), w.model("projects"), perm.Edit, w.project(&team))
		is.NoErr(err)
		is.True(!e.Allowed)
		is.Equal(e.Rule, 16) // that of View
		is.True(lineOf(e, 12).Held)
		is.Equal(e.View.Action, "view")
		is.Equal(e.View.Rule, 16)
		is.Equal(e.Until, nil)
	})
}

// Of several ways the one that lasts longest decides until when, and is told
// first; a grant to a group is told with the membership that lasts longest.
func TestExplainTellsFirstWhatLastsLongest(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team, role := newID(), w.team(nil), w.role(perm.View)
		p := w.project(&team)
		in := func(hours int) *time.Time { return ptr(w.now.Add(time.Duration(hours) * time.Hour)) }
		member := func(role uuid.UUID, hours int) uuid.UUID {
			m := perm.Membership{Entity: entity(ann), TeamID: team, MemberID: ann, RoleID: role, ExpiresAt: in(hours)}
			insert(w, &m)
			return m.ID
		}
		first, last, middle := member(role, 1), member(w.role(perm.View), 3), member(w.role(perm.View), 2)
		for _, g := range []perm.Grant{
			{MemberID: &ann, ExpiresAt: in(4)},
			{TeamID: &team, ExpiresAt: in(7)},
			{TeamID: &team, RoleID: &role, ExpiresAt: in(6)},
			{RoleID: &role, ExpiresAt: in(5)},
		} {
			g.Entity, g.Model, g.RowID, g.Actions = entity(ann), "projects", p, perm.View
			insert(w, &g)
		}

		e, err := w.e.Explain(w.as(ann), person(ann), w.model("projects"), perm.View, p)
		is.NoErr(err)
		is.True(e.Until.Equal(*in(4)))
		var told []uuid.UUID
		for _, path := range lineOf(e, 12).Paths {
			told = append(told, path.Membership.ID)
		}
		is.Equal(told, []uuid.UUID{last, middle, first})
		to, by := []string{}, []uuid.UUID{}
		for _, path := range lineOf(e, 13).Paths {
			to = append(to, path.Grant.To)
			if path.Membership != nil {
				by = append(by, path.Membership.ID)
			}
		}
		is.Equal(to, []string{"team", "team_role", "role", "user"})
		is.Equal(by, []uuid.UUID{last, first, first}) // the others do not have the role
	})
}

// Share on a row is enough to ask why somebody may see it, but not to learn
// where that somebody is.
func TestExplainRedacts(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, bob := newID(), newID()
		secret := perm.Team{Entity: entity(newID()), Name: "merger"}
		insert(w, &secret)
		role := perm.Role{Entity: entity(newID()), Name: "banker", Actions: perm.View, TeamID: &secret.ID}
		insert(w, &role)
		member := w.member(secret.ID, bob, role.ID)
		p := Project{Entity: entity(ann)}
		p.TeamID = &secret.ID
		insert(w, &p)
		g := perm.Grant{Entity: entity(ann), Model: "projects", RowID: p.ID, Actions: perm.View, TeamID: &secret.ID, RoleID: &role.ID}
		insert(w, &g)

		e, err := w.e.Explain(w.as(ann), person(bob), w.model("projects"), perm.View, p.ID)
		is.NoErr(err)
		is.Equal(e.Rule, 12)
		hidden := registry.ExplainedLink{Redacted: true}
		for _, line := range []int{12, 13} {
			path := lineOf(e, line).Paths[0]
			is.Equal(*path.Membership, hidden)
			is.Equal(*path.Role, hidden)
			is.Equal(path.Teams, []registry.ExplainedLink{hidden})
		}
		grant := lineOf(e, 13).Paths[0].Grant
		is.Equal(grant.ID, g.ID) // on a row that she shares
		is.Equal(*grant.Team, hidden)
		is.Equal(*grant.Role, hidden)
		contains(t, e, false, "merger", "banker", secret.ID.String(), role.ID.String(), member.String())

		e, err = w.e.Explain(w.as(bob), person(bob), w.model("projects"), perm.View, p.ID)
		is.NoErr(err)
		contains(t, e, true, "merger", "banker", secret.ID.String(), role.ID.String(), member.String())
		contains(t, e, false, g.ID.String()) // of which he has View no more than of others
	})
}

// A row above that the asker may not view is mentioned, and no more.
func TestExplainDoesNotGoOnToHiddenRows(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, bob, team := newID(), newID(), w.team(nil)
		w.member(team, bob, w.role(perm.View))
		project := w.project(&team)
		ref := refTo(project)
		n := Note{Entity: entity(ann), ProjectID: &ref}
		insert(w, &n)
		e, err := w.e.Explain(w.as(ann), person(bob), w.model("notes"), perm.View, n.ID)
		is.NoErr(err)
		is.Equal(e.Rule, 14)
		is.Equal(*lineOf(e, 14).Paths[0].Row, registry.Explanation{
			Model: "projects", Action: "view", Allowed: true, Reason: "the row is not the asker's to see", Redacted: true,
		})
		contains(t, e, false, project.String(), team.String())
	})
}

// contains checks whether the words are in what is sent.
func contains(t *testing.T, e registry.Explanation, want bool, words ...string) {
	t.Helper()
	is := is.NewRelaxed(t)
	for _, word := range words {
		text, err := json.Marshal(e)
		is.NoErr(err)
		is.Equal(strings.Contains(string(text), word), want)
	}
}

// However much there is to tell, an explanation stays small, takes as many
// statements as any, and says what it leaves out.
func TestExplainIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		p, end := w.project(&team), w.now.Add(time.Hour)
		for range 20 {
			w.member(team, ann, w.role(perm.View))
		}
		w.many("grants", func() map[string]any {
			return map[string]any{"model": "projects", "row_id": p, "actions": perm.View, "member_id": ann, "expires_at": end}
		})
		var roles []uuid.UUID
		w.many("roles", func() map[string]any {
			roles = append(roles, newID())
			return map[string]any{"id": roles[len(roles)-1], "name": "role", "actions": perm.View}
		})
		w.many("memberships", func() map[string]any {
			role := roles[0]
			roles = roles[1:]
			return map[string]any{"member_id": ann, "team_id": team, "role_id": role, "expires_at": end}
		})

		before := w.db.Stats().Statements
		e, err := w.e.Explain(w.as(ann), person(ann), w.model("projects"), perm.View, p)
		is.NoErr(err)
		is.True(w.db.Stats().Statements-before <= 16)
		is.Equal(e.Until, nil) // what lasts counts
		for _, line := range []int{12, 13} {
			l := lineOf(e, line)
			is.Equal(len(l.Paths), 8)
			is.True(l.Cut)
		}
		for _, path := range lineOf(e, 12).Paths {
			is.Equal(path.Membership.ExpiresAt, nil) // what lasts is told first
		}
		text, err := json.Marshal(e)
		is.NoErr(err)
		is.True(len(text) < 16_000)
	})
}

// many writes ten thousand rows of a table.
func (w *world) many(table string, row func() map[string]any) {
	w.t.Helper()
	for range 10 {
		var columns []string
		var all []any
		insert := squirrel.Insert(table)
		for range 1000 {
			values := row()
			values["id"], values["created_at"], values["updated_at"], values["version"] = orNew(values["id"]), w.now, w.now, 1
			columns, all = slices.Sorted(maps.Keys(values)), nil
			for _, name := range columns {
				all = append(all, values[name])
			}
			insert = insert.Values(all...)
		}
		_, err := w.db.Exec(w.t.Context(), insert.Columns(columns...))
		w.must(err)
	}
}

func TestExplainOfADeepTreeIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, end := newID(), w.now.Add(time.Hour)
		top := Folder{Entity: entity(newID())}
		insert(w, &top)
		g := perm.Grant{Entity: entity(newID()), Model: "folders", RowID: top.ID, Actions: perm.View, MemberID: &ann, ExpiresAt: &end}
		insert(w, &g)
		bottom := top
		for range 60 {
			below := Folder{Entity: entity(newID()), ParentID: ptr(bottom.ID)}
			insert(w, &below)
			bottom = below
		}
		before := w.db.Stats().Statements
		e, err := w.e.Explain(w.as(ann), person(ann), w.model("folders"), perm.View, bottom.ID)
		is.NoErr(err)
		is.True(e.Allowed)
		is.True(e.Until.Equal(end)) // though the grant is further up than is told
		is.True(w.db.Stats().Statements-before <= 100)
		depth, row := 1, &e
		for len(lineOf(*row, 14).Paths) > 0 {
			row = lineOf(*row, 14).Paths[0].Row
			depth++
		}
		is.Equal(depth, 17)
		is.True(row.Cut)
		is.True(row.Allowed)
	})
}

func TestExplainOfADeepTeamIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, top := newID(), w.team(nil)
		m := w.member(top, ann, w.role(perm.View))
		bottom := top
		for range 60 {
			bottom = w.team(&bottom)
		}
		e, err := w.e.Explain(w.as(ann), person(ann), w.model("projects"), perm.View, w.project(&bottom))
		is.NoErr(err)
		path := lineOf(e, 12).Paths[0]
		is.Equal(path.Membership.ID, m)
		is.True(path.Cut)
		is.Equal(len(path.Teams), 32)
		is.Equal(path.Teams[0].ID, top)
		is.Equal(path.Teams[31].ID, bottom)
	})
}

// In a transaction an explanation is of what the transaction has written.
func TestExplainJoinsTheTransaction(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann := newID()
		p := Project{Entity: entity(ann)}
		undone := context.Canceled
		err := sqldb.InTx(w.as(ann), w.db, func(ctx context.Context) error {
			is.NoErr(insertIn(ctx, w, &p))
			e, err := w.e.Explain(ctx, person(ann), w.model("projects"), perm.Edit, p.ID)
			is.NoErr(err)
			is.Equal(e.Rule, 11)
			return undone
		})
		is.Equal(err, undone)
		_, err = w.e.Explain(w.as(ann), person(ann), w.model("projects"), perm.Edit, p.ID)
		is.True(joinery.IsKind(err, joinery.NotFound))
	})
}
