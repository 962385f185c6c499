package crud

import (
	"context"
	"sync"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

// core is a manager without its types: what it knows of a row is the address
// of the struct, which the model's columns read and write. The typed shell
// around it converts, runs hooks and nothing else.
type core struct {
	reg       *registry.Registry
	db        *sqldb.DB
	dialect   sqldb.Dialect
	model     *registry.Model
	access    Access
	placeCond PlaceConder // nil: Access has no such ability
	armer     Armer       // likewise
	forgetter Forgetter   // likewise
	now       func() time.Time
	newID     func() (uuid.UUID, error)
	search    map[string]Search
	feed      *Feed
	hub       *hub
	validator *validate.Validator

	// openRun gives the hooks of one row's deletion, restoration or purge, also
	// for rows to which that happens because it happened to another. Nil: no
	// manager, hence no hooks.
	openRun func(d deed, row unsafe.Pointer) (rowRun, unsafe.Pointer)
	// hooked reports whether there are hooks that openRun gives for d, or that
	// touched runs.
	hooked func(d deed) bool
	// touched runs the hooks of a row whose reference was set to null.
	touched func(ctx context.Context, row unsafe.Pointer) error

	columns    []*registry.Column // all, in the order in which rows are scanned
	defaults   []columnDefault
	incoming   []*registry.Column  // references of other models to this one
	ties       map[string][]string // fields that a rule across fields ties to a field, both ways
	statements sqldb.Cache[shape, *sqldb.Template]
	memory     *rowMemory // nil: no content of rows is kept

	once  sync.Once
	ready error
}

// shape identifies a statement's text: everything but the values.
type shape struct {
	op        op
	text      string
	fragments [4]*sqldb.Fragment
	arms      *sqldb.ArmsText // nil: none
	size      int             // rows that each arm gives
	bare      bool            // a list that names its scope once
}

// op is the sort of statement a shape belongs to.
type op uint8

const (
	opGet op = iota
	opList
	opCount
	opInclude
	opInsert
	opPreimage
	opUpdate
	opDelete
	opRestore
	opAggregate
)

// prepare validates the registry and reads the model once, at the first use:
// models may be added until then.
func (c *core) prepare() error {
	c.once.Do(func() {
		if c.ready = c.reg.Validate(); c.ready != nil {
			return
		}
		c.columns = c.model.Columns
		c.incoming = c.referrers()
		c.ties = validate.CrossFields(c.model.Type)
		c.defaults = readDefaults(c.model)
	})
	return c.ready
}

// begin is what every operation starts with: a valid registry and an actor.
func (c *core) begin(ctx context.Context) (joinery.Actor, error) {
	if err := c.prepare(); err != nil {
		return joinery.Actor{}, err
	}
	return joinery.ActorFrom(ctx)
}

// beginWhole is begin for those who write whole rows: System and Root.
func (c *core) beginWhole(ctx context.Context) error {
	actor, err := c.begin(ctx)
	if err == nil {
		err = systemOnly(actor)
	}
	return err
}

// filter asks Access for the rows of this model under the alias.
func (c *core) filter(ctx context.Context, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	visible, err := c.access.Filter(ctx, c.model, a, alias)
	if _, all := visible.(liveOnly); all {
		return squirrel.Expr(c.live(alias)), nil // quoted, which Unrestricted cannot
	}
	return visible, err
}

// statement is the statement of p's shape with p's values. The text is built
// the first time the shape is met.
func (c *core) statement(p *params, build func(*slots) squirrel.Sqlizer) (sqldb.Stmt, error) {
	t, err := c.statements.GetOr(p.shape, func() (*sqldb.Template, error) {
		return sqldb.Compile(c.dialect, build(&slots{params: p}))
	})
	if err != nil {
		return sqldb.Stmt{}, err
	}
	return t.Bind(p.values), nil
}

// stamp is the time of a change, as precise as every database keeps it.
func (c *core) stamp() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

// table is the quoted name of the model's table.
func (c *core) table() string { return c.dialect.Quote(c.model.Table) }

// quote is the quoted name of a column.
func (c *core) quote(col *registry.Column) string { return c.dialect.Quote(col.Name) }

// from is the table under its alias, for FROM.
func (c *core) from(alias string) string { return c.table() + " AS " + alias }

// col is a column of the row under the alias.
func (c *core) col(alias string, col *registry.Column) string { return alias + "." + c.quote(col) }

// live is the condition that a row is not deleted; empty where rows are
// deleted for good.
func (c *core) live(alias string) string {
	if c.model.DeletedAt == nil {
		return ""
	}
	return c.col(alias, c.model.DeletedAt) + " IS NULL"
}
