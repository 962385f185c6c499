package e2e_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// List gathers items.
type List struct {
	crud.Entity
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title string `json:"title" validate:"required,max=100"`
}

// Item is on a list, and counts.
type Item struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title  string              `json:"title" validate:"required,max=100" sortable:"true"`
	Count  int64               `json:"count"`
	ListID *registry.Ref[List] `json:"list_id" ref:"lists,inherit"`
	List   *List               `json:"list,omitzero" rel:"list_id"`
}

type (
	CreateList struct {
		Title  string     `json:"title"`
		TeamID *uuid.UUID `json:"team_id"`
	}
	UpdateList struct {
		Title  crud.Opt[string]    `json:"title,omitzero"`
		TeamID crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
	}
	CreateItem struct {
		Title  string     `json:"title"`
		Count  int64      `json:"count"`
		TeamID *uuid.UUID `json:"team_id"`
		ListID *uuid.UUID `json:"list_id"`
	}
	UpdateItem struct {
		Title  crud.Opt[string]    `json:"title,omitzero"`
		Count  crud.Opt[int64]     `json:"count,omitzero"`
		UserID crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
		TeamID crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
		ListID crud.Opt[uuid.UUID] `json:"list_id,omitzero"`
	}
)

// service is an app as its author would wire it.
type service struct {
	db    *sqldb.DB
	reg   *registry.Registry
	teams *teams.Managers
	lists *crud.Manager[List, CreateList, UpdateList]
	items *crud.Manager[Item, CreateItem, UpdateItem]
	api   *rest.API
}

// keyLease is short, so that the tests need not wait for long until the key of
// a killed server is free.
const keyLease = 2 * time.Second

// newService wires the service over a database that may have its tables.
func newService(db *sqldb.DB) (s *service, err error) {
	s = &service{db: db, reg: registry.New(nil)}
	engine, err := perm.New(s.reg, db, nil)
	if err != nil {
		return nil, err
	}
	if s.teams, err = teams.New(s.reg, db, engine, nil); err != nil {
		return nil, err
	}
	if s.lists, err = crud.New[List, CreateList, UpdateList](s.reg, db, engine, nil); err != nil {
		return nil, err
	}
	if s.items, err = crud.New[Item, CreateItem, UpdateItem](s.reg, db, engine, nil); err != nil {
		return nil, err
	}
	keys, err := idemstore.New(s.reg, db, &idemstore.Options{Lease: keyLease})
	if err != nil {
		return nil, err
	}
	s.api = rest.New(nil, &rest.Options{Auth: signIn, NoAccessLog: true, Log: slog.New(slog.DiscardHandler), MaxBatch: 100, Idempotency: keys})
	return s, s.mount()
}

func (s *service) mount() error {
	for _, mount := range []func() error{
		func() error { return rest.Mount(s.api, "/v1/teams", s.teams.Teams, nil) },
		func() error { return rest.Mount(s.api, "/v1/memberships", s.teams.Memberships, nil) },
		func() error { return rest.Mount(s.api, "/v1/grants", s.teams.Grants, nil) },
		func() error { return rest.Mount(s.api, "/v1/lists", s.lists, nil) },
		func() error { return rest.Mount(s.api, "/v1/items", s.items, nil) },
		func() error {
			return rest.Mount(s.api, "/v1/lists/:list_id/items", s.items, &rest.MountOptions{Parent: "list_id", ParentOf: s.lists})
		},
		s.api.Validate,
	} {
		if err := mount(); err != nil {
			return err
		}
	}
	return nil
}

// install makes the tables, and the roles of package teams.
func (s *service) install(ctx context.Context) error {
	ddl, err := s.reg.DDL(s.db.Dialect())
	if err != nil {
		return err
	}
	if err := sqldb.ExecAll(ctx, s.db, ddl); err != nil {
		return err
	}
	return s.teams.EnsureRoles(ctx)
}

// startService serves a new service over a new database.
func startService(t testing.TB, b backend, opts *sqldb.Options) (*service, *client) {
	t.Helper()
	s, err := newService(b.fresh(t, opts))
	must(t, err)
	must(t, s.install(t.Context()))
	return s, serve(t, s.api)
}

// ident is what the tests read of a row.
type ident struct {
	ID      uuid.UUID `json:"id"`
	Version int64     `json:"version"`
	Count   int64     `json:"count"`
}

// create makes a row over HTTP and returns it.
func (c *client) create(t testing.TB, actor joinery.Actor, path string, body any) (row ident) {
	t.Helper()
	c.do(t, actor, "POST", path, body).want(t, 201).into(t, &row)
	return row
}

// role makes a role that is usable in every team.
func (s *service) role(t testing.TB, name string, actions joinery.Actions) uuid.UUID {
	t.Helper()
	system := joinery.SystemActor()
	ctx := crud.CreatedFor(joinery.WithActor(t.Context(), system), system.ID)
	role, err := s.teams.Roles.Create(ctx, teams.CreateRole{Name: name, Actions: actions})
	must(t, err)
	return role.ID
}

// object is a JSON object.
type object = map[string]any
