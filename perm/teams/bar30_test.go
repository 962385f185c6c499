package teams_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// revokeRounds is how often a permission is revoked while its holder writes;
// JOINERY_ROUNDS overrides it.
const revokeRounds = 1000

// TestBar30_RevokeAgainstWrite takes a permission away while its holder writes
// by it, as fast as it can: no write succeeds whose guarding statement, the
// UPDATE or INSERT itself, began after the revoke had committed. Each round has
// a user, a team, a membership or grant, and a document of its own.
func TestBar30_RevokeAgainstWrite(t *testing.T) {
	t.Parallel()
	for name, cached := range map[string]bool{"by the present state": false, "with the access cache": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, db *sqldb.DB) {
				db = sqldb.New(&guardWatch{db.Driver()}, db.Dialect(), nil)
				w := newWorldWith(t, db, &perm.Options{AccessCache: cached}, nil)
				n := rounds(t, revokeRounds)
				if cached {
					n /= 5
				}
				newRevocations(w, n).run()
			})
		})
	}
}

func rounds(t *testing.T, n int) int {
	if text := os.Getenv("JOINERY_ROUNDS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatalf("JOINERY_ROUNDS: %v", err)
		}
	}
	return n
}

// revocations are the rounds, with what they need written beforehand.
type revocations struct {
	*world
	rounds []revocation

	before, late, refused int // writes: done before the revoke, done wrongly after it, refused
}

type revocation struct {
	who                   context.Context // who writes
	doc, team, role, held uuid.UUID       // held: the membership or grant
	failed                atomic.Bool
	revoked               atomic.Bool // set when the revoke has committed
	revoke                func(*revocations, *revocation) error
	write                 func(*revocations, context.Context, *revocation) error
	describe              string
}

// The ways to lose a permission, and to write by it.
var revokes = map[string]func(*revocations, *revocation) error{
	"membership deleted": func(w *revocations, r *revocation) error {
		return w.Memberships.Delete(w.system, r.held, 1)
	},
	"membership disabled": func(w *revocations, r *revocation) error {
		_, err := w.Memberships.Update(w.system, r.held, 1, teams.UpdateMembership{DisabledAt: crud.Set(time.Now())})
		return err
	},
	"lesser role": func(w *revocations, r *revocation) error {
		_, err := w.Memberships.Update(w.system, r.held, 1, teams.UpdateMembership{RoleID: crud.Set(w.roles.User)})
		return err
	},
	"role changed": func(w *revocations, r *revocation) error {
		_, err := w.Roles.Update(w.system, r.role, 1, teams.UpdateRole{Actions: crud.Set(perm.View)})
		return err
	},
	"unshared": func(w *revocations, r *revocation) error {
		return w.Unshare(w.ann, "docs", r.doc, teams.WithUser(idOf(r.who)))
	},
}

var writes = map[string]func(*revocations, context.Context, *revocation) error{
	"update": func(w *revocations, ctx context.Context, r *revocation) error {
		_, err := w.docs.Update(ctx, r.doc, crud.AnyVersion, UpdateDoc{Title: crud.Set("x")})
		return err
	},
	"update in a transaction": func(w *revocations, ctx context.Context, r *revocation) error {
		return sqldb.InTx(ctx, w.db, func(ctx context.Context) error {
			if _, err := w.docs.Get(ctx, r.doc); err != nil {
				return err
			}
			_, err := w.docs.Update(ctx, r.doc, crud.AnyVersion, UpdateDoc{Title: crud.Set("y")})
			return err
		})
	},
	"create": func(w *revocations, ctx context.Context, r *revocation) error {
		_, err := w.docs.Create(ctx, CreateDoc{Title: "new", TeamID: &r.team})
		return err
	},
}

// newRevocations writes what n rounds need.
func newRevocations(w *world, n int) *revocations {
	w.t.Helper()
	all := &revocations{world: w, rounds: make([]revocation, n)}
	var combinations [][2]string
	for _, by := range []string{"membership deleted", "membership disabled", "lesser role", "role changed", "unshared"} {
		for _, how := range []string{"update", "update in a transaction", "create"} {
			if by != "unshared" || how != "create" {
				combinations = append(combinations, [2]string{by, how})
			}
		}
	}
	for i := range all.rounds {
		c := combinations[i%len(combinations)]
		all.rounds[i].revoke, all.rounds[i].write, all.rounds[i].describe = revokes[c[0]], writes[c[1]], c[0]+", "+c[1]
	}
	const batch = 50
	w.NoErr(sqldb.InTx(w.t.Context(), w.db, func(ctx context.Context) error {
		for from := 0; from < n; from += batch {
			if err := all.fill(ctx, all.rounds[from:min(from+batch, n)]); err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

// fill writes the rows of some rounds, each with a team of its own, in which
// its user is a member; where it is unshared that comes of a grant instead.
func (w *revocations) fill(ctx context.Context, some []revocation) error {
	now := w.db.Dialect().Bind(time.Now())
	role := squirrel.Insert("roles").Columns("id", "created_at", "created_by_id", "version", "updated_at", "name", "actions", "team_id")
	team := squirrel.Insert("teams").Columns("id", "created_at", "created_by_id", "version", "updated_at", "name")
	doc := squirrel.Insert("docs").Columns("id", "created_at", "created_by_id", "version", "title", "team_id")
	membership := squirrel.Insert("memberships").Columns("id", "created_at", "created_by_id", "version", "updated_at", "team_id", "member_id", "role_id")
	grant := squirrel.Insert("grants").Columns("id", "created_at", "created_by_id", "version", "updated_at", "model", "row_id", "actions", "member_id")
	inserts := map[string]int{}
	for i := range some {
		r := &some[i]
		r.who = newUser(w.t)
		r.doc, r.team, r.role, r.held = idOf(newUser(w.t)), idOf(newUser(w.t)), idOf(newUser(w.t)), idOf(newUser(w.t))
		team = team.Values(r.team, now, idOf(w.ann), 1, now, "team")
		role = role.Values(r.role, now, idOf(w.ann), 1, now, "editor", perm.View|perm.Edit, r.team)
		if strings.HasPrefix(r.describe, "unshared") {
			doc = doc.Values(r.doc, now, idOf(w.ann), 1, "doc", nil)
			grant = grant.Values(r.held, now, idOf(w.ann), 1, now, "docs", r.doc, perm.View|perm.Edit, idOf(r.who))
			inserts["grants"]++
			continue
		}
		doc = doc.Values(r.doc, now, idOf(w.ann), 1, "doc", r.team)
		membership = membership.Values(r.held, now, idOf(w.ann), 1, now, r.team, idOf(r.who), r.role)
		inserts["memberships"]++
	}
	list := []sqldb.Sqlizer{team, role, doc}
	if inserts["memberships"] > 0 {
		list = append(list, membership)
	}
	if inserts["grants"] > 0 {
		list = append(list, grant)
	}
	for _, insert := range list {
		if _, err := w.db.Exec(ctx, insert); err != nil {
			return err
		}
	}
	return nil
}

// run plays all rounds.
func (w *revocations) run() {
	for i := range w.rounds {
		w.round(&w.rounds[i])
	}
	w.t.Logf("%d rounds: %d writes before a revoke, %d refused, %d after it", len(w.rounds), w.before, w.refused, w.late)
	if w.before < len(w.rounds)/4 || w.refused < len(w.rounds) {
		w.t.Error("revoke and write hardly met")
	}
}

// round revokes while the user writes, until a write that began afterwards has
// been refused.
func (w *revocations) round(r *revocation) {
	done := make(chan error, 1)
	begun := make(chan struct{})
	go func() {
		<-begun
		err := settled(func() error { return r.revoke(w, r) })
		r.revoked.Store(err == nil)
		r.failed.Store(err != nil)
		done <- err
	}()
	for tries := 0; ; tries++ {
		if tries == 1 {
			close(begun) // the first write went by itself
		}
		after := r.revoked.Load()
		guard := &guard{revoked: &r.revoked}
		err := r.write(w, context.WithValue(r.who, guardKey{}, guard), r)
		switch kind := joinery.KindOf(err); {
		case err == nil && guard.late:
			w.late++
			w.t.Errorf("%s: a write that began after the revoke succeeded", r.describe)
		case err == nil:
			w.before++
		case kind == joinery.Forbidden || kind == joinery.NotFound || kind == joinery.Invalid:
			w.refused++
		case kind != joinery.Unavailable:
			w.t.Fatalf("%s: %v", r.describe, err)
		}
		if after && err != nil {
			return
		}
		if r.failed.Load() || w.t.Failed() {
			w.t.Fatalf("%s: the revoke: %v", r.describe, <-done)
		}
	}
}

// settled repeats what fails only because the machine is busy.
func settled(do func() error) error {
	for {
		if err := do(); !joinery.IsKind(err, joinery.Unavailable) {
			return err
		}
	}
}

// guard is one write's: late tells whether the permission had been revoked when
// the last of its guarding statements began.
type guard struct {
	revoked *atomic.Bool
	late    bool
}

type guardKey struct{}

// began takes note of a statement.
func began(ctx context.Context, text string) {
	g, ok := ctx.Value(guardKey{}).(*guard)
	if ok && (strings.HasPrefix(text, `UPDATE "docs"`) || strings.HasPrefix(text, `INSERT INTO "docs"`)) {
		g.late = g.revoked.Load()
	}
}

// guardWatch is a driver that shows the beginning of each statement to the
// guard in its context.
type guardWatch struct{ sqldb.Driver }

func (d *guardWatch) Executor(write bool) sqldb.Executor {
	return guardedExecutor{d.Driver.Executor(write)}
}

func (d *guardWatch) Begin(ctx context.Context, o sqldb.TxOptions) (sqldb.Tx, error) {
	tx, err := d.Driver.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return guardedTx{guardedExecutor{tx}, tx}, nil
}

type guardedExecutor struct{ inner sqldb.Executor }

func (x guardedExecutor) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	began(ctx, text)
	return x.inner.Query(ctx, text, args)
}

func (x guardedExecutor) Exec(ctx context.Context, text string, args []any) (int64, error) {
	began(ctx, text)
	return x.inner.Exec(ctx, text, args)
}

type guardedTx struct {
	guardedExecutor
	tx sqldb.Tx
}

func (t guardedTx) Commit(ctx context.Context) error   { return t.tx.Commit(ctx) }
func (t guardedTx) Rollback(ctx context.Context) error { return t.tx.Rollback(ctx) }

// The rounds notice a write that is judged by a statement of its own before.
func TestBar30_NoticesAJudgementBefore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		db = sqldb.New(&guardWatch{db.Driver()}, db.Dialect(), nil)
		w := newRevocations(newWorld(t, db, nil), 60)
		late := 0
		for i := range w.rounds {
			r := &w.rounds[i]
			r.write = func(w *revocations, ctx context.Context, r *revocation) error {
				if err := w.engine.Check(ctx, w.docs.Model(), perm.Edit, r.doc); err != nil {
					return err
				}
				if r.revoked.Load() {
					return nil
				}
				w.NoErr(settled(func() error { return r.revoke(w, r) }))
				r.revoked.Store(true)
				_, err := w.db.Exec(ctx, sqldb.Raw(`UPDATE "docs" SET title = 'z' WHERE id = ?`, r.doc))
				return err
			}
			g := &guard{revoked: &r.revoked}
			w.NoErr(r.write(w, context.WithValue(r.who, guardKey{}, g), r))
			if g.late {
				late++
			}
		}
		if late != len(w.rounds) {
			t.Error(fmt.Sprint(late, " of ", len(w.rounds), " noticed"))
		}
	})
}
