package teams

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Options are the settings of [New]. Nil and the zero value mean the defaults.
type Options struct {
	// CreatorRole is the role that the owner of a new team gets in it. The
	// nil uuid: the superadmin of [WellKnownRoles].
	CreatorRole uuid.UUID

	// IDs are the users that stand for no person, as given to perm.New. The
	// zero value: joinery.WellKnownIDs.
	IDs joinery.WellKnown

	Now   func() time.Time          // the managers' clock; nil: time.Now
	NewID func() (uuid.UUID, error) // ids of new rows; nil: uuid.NewV7
	Feed  *crud.Feed                // where changes are published, and where the engine's AccessCache hears of them; nil: the registry's
}

func (o *Options) settings() Options {
	var s Options
	if o != nil {
		s = *o
	}
	s.IDs = s.IDs.OrDefault()
	if s.CreatorRole == uuid.Nil {
		s.CreatorRole = WellKnownRoles().Superadmin
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	return s
}

// Managers are the four managers. They share one database, so that calls on
// several of them join one transaction. They are safe for concurrent use.
type Managers struct {
	Teams       *crud.Manager[perm.Team, CreateTeam, UpdateTeam]
	Roles       *crud.Manager[perm.Role, CreateRole, UpdateRole]
	Memberships *crud.Manager[perm.Membership, CreateMembership, UpdateMembership]
	Grants      *crud.Manager[perm.Grant, CreateGrant, UpdateGrant]

	reg     *registry.Registry
	db      *sqldb.DB
	engine  *perm.Engine
	options Options
}

// New makes the managers. reg and db are those that the engine was made with;
// a registry in which a struct of the app's own stands for one of the four
// tables is an error. New issues no statement: the roles are written by
// [Managers.EnsureRoles].
func New(reg *registry.Registry, db *sqldb.DB, engine *perm.Engine, opts *Options) (*Managers, error) {
	if reg == nil || db == nil || engine == nil {
		return nil, errors.New("teams.New: registry, database and engine are required")
	}
	m := &Managers{reg: reg, db: db, engine: engine, options: opts.settings()}
	settings := &crud.Options{Now: m.options.Now, NewID: m.options.NewID, Feed: m.options.Feed}
	var errs [4]error
	m.Teams, errs[0] = crud.New[perm.Team, CreateTeam, UpdateTeam](reg, db, engine, settings)
	m.Roles, errs[1] = crud.New[perm.Role, CreateRole, UpdateRole](reg, db, engine, settings)
	m.Memberships, errs[2] = crud.New[perm.Membership, CreateMembership, UpdateMembership](reg, db, engine, settings)
	m.Grants, errs[3] = crud.New[perm.Grant, CreateGrant, UpdateGrant](reg, db, engine, settings)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	m.rules()
	m.tellEngine()
	return m, nil
}

// roomForChanges is how many changes of any model may wait until the engine is
// asked something. What is beyond them makes it forget what it keeps.
const roomForChanges = 1024

// tellEngine lets the engine's access cache hear of what the managers change.
func (m *Managers) tellEngine() {
	feed := m.options.Feed
	if feed == nil {
		feed = crud.FeedOf(m.reg)
	}
	m.engine.Hear(func() <-chan query.Changed { return feed.Subscribe(roomForChanges).Events() })
}

// rules hooks the package's rules into the managers. They run after an app's
// own Before hooks, on what those leave.
func (m *Managers) rules() {
	m.Teams.Hooks().Create.After(m.enrolOwner, named("owner"))
	m.Memberships.Hooks().Update.Before(m.guardMembership, named("superadmin"), last())
	m.Memberships.Hooks().Update.After(m.verifyMembership, named("superadmin"), last())
	m.Memberships.Hooks().Delete.Before(m.spareLastOne, named("superadmin"), last())
	m.Roles.Hooks().Update.Before(m.guardRole, named("superadmin"), last())
	m.Roles.Hooks().Update.After(m.verifyRole, named("superadmin"), last())
	m.Grants.Hooks().List.Before(requireRow, named("row"), last())
}
