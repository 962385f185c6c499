package perm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Engine answers who may do what to which row, in SQL: every answer comes from
// the database's present state, and nothing is cached but the text of
// statements, unless [Options].AccessCache is on.
// Make one with [New]. It is safe for concurrent use.
type Engine struct {
	reg     *registry.Registry
	db      *sqldb.DB
	dialect sqldb.Dialect
	options Options
	fixed   [fixedSlots]any // see fixedValues

	filters  sqldb.Cache[filterKey, *compiled]
	arms     sqldb.Cache[filterKey, *armed]
	places   sqldb.Cache[placeKey, *statement]
	checks   sqldb.Cache[checkKey, *statement]
	explains sqldb.Cache[bitsKey, *bitsText]

	cache *accessCache // nil: off

	noticed sync.Map // the models, see notice

	ready atomic.Bool
	first sync.Mutex
	bound tables

	// mutate, set by tests alone, replaces a named clause while a condition
	// is compiled, to show that the tests notice.
	mutate func(clause string, cond squirrel.Sqlizer) squirrel.Sqlizer
}

// tables are the models of the rules, found once the registry is complete.
type tables struct {
	teams, roles, memberships, grants, users *registry.Model // users is nil without Options.Users
}

// New makes an engine over the models of reg and the database that holds their
// tables. It adds [Team], [Role], [Membership] and [Grant] to reg, except for
// tables that reg maps already: those must have the columns that the rules
// read. The registry is validated when the engine is first used, so models may
// be added until then. Nil options mean the defaults.
//
// New issues no statement and starts nothing.
func New(reg *registry.Registry, db *sqldb.DB, opts *Options) (*Engine, error) {
	if reg == nil || db == nil {
		return nil, errors.New("perm: New needs a registry and a database")
	}
	settings, err := opts.settings()
	if err != nil {
		return nil, err
	}
	if err := addModels(reg); err != nil {
		return nil, err
	}
	e := &Engine{reg: reg, db: db, dialect: db.Dialect(), options: settings, fixed: fixedValues(db.Dialect(), settings.IDs)}
	if settings.AccessCache {
		if !e.bindsReach() {
			return nil, joinery.Errorf(joinery.Unsupported, "", "perm: Options.AccessCache is for postgres, sqlite and mariadb, not for "+e.dialect.Name())
		}
		e.cache = &accessCache{}
	}
	return e, nil
}

func addModels(reg *registry.Registry) error {
	return errors.Join(
		addModel[Team](reg, TeamsTable, "id", "parent_id", "created_by_id", "deleted_at"),
		addModel[Role](reg, RolesTable, "id", "team_id", "parent_id", "actions", "deleted_at"),
		addModel[Membership](reg, MembershipsTable, "id", "team_id", "member_id", "role_id", "expires_at", "disabled_at", "deleted_at"),
		addModel[Grant](reg, GrantsTable, "id", "model", "row_id", "actions", "expires_at", "member_id", "team_id", "role_id", "deleted_at"),
	)
}

func addModel[T any](reg *registry.Registry, table string, columns ...string) error {
	m := reg.Model(table)
	if m == nil {
		_, err := registry.Add[T](reg)
		return err
	}
	var missing []string
	for _, name := range columns {
		if m.Column(name) == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("perm: the model %s of table %s lacks columns that the permission rules read: %v", m.Name, table, missing)
	}
	return nil
}

// begin is who acts, once the engine is known to fit its registry and m to be
// one of its models.
func (e *Engine) begin(ctx context.Context, m *registry.Model) (joinery.Actor, error) {
	if !e.ready.Load() {
		if err := e.prepare(); err != nil {
			return joinery.Actor{}, err
		}
	}
	if m == nil || e.reg.Model(m.Table) != m {
		return joinery.Actor{}, errors.New("perm: the model is not of the engine's registry")
	}
	return joinery.ActorFrom(ctx)
}

// prepare validates the registry and finds the models of the rules.
func (e *Engine) prepare() error {
	e.first.Lock()
	defer e.first.Unlock()
	if e.ready.Load() {
		return nil
	}
	if err := e.reg.Validate(); err != nil {
		return err
	}
	e.bound = tables{
		teams: e.reg.Model(TeamsTable), roles: e.reg.Model(RolesTable),
		memberships: e.reg.Model(MembershipsTable), grants: e.reg.Model(GrantsTable),
	}
	if table := e.options.Users; table != "" {
		if e.bound.users = e.reg.Model(table); e.bound.users == nil {
			return fmt.Errorf("perm: Options.Users names the table %q, which is no model of the registry", table)
		}
	}
	e.ready.Store(true)
	return nil
}
