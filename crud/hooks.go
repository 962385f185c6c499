package crud

import (
	"context"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
)

// Hooks are the points of a manager's operations. Each operation runs its own
// point and All, as one list ordered by priority. Create, Update, Delete,
// Restore and Purge run once per row in the operation's transaction, which
// every call with the hook's ctx joins; Get and List run once per call, without
// one. A copy runs Create's. Every way in runs them: single, batch, REST,
// GraphQL, seeds.
//
// An error of a Before or After hook vetoes the operation: its transaction is
// rolled back and the error answered. So does a panic, which is answered as
// Internal. Each hook has 5 seconds, by its ctx. A call with another ctx is
// outside the transaction: it does not see what is written there, and must not
// wait for it. Where it does (SQLite has one writer, a pool may be of one
// connection, the row may be locked), it fails as Unavailable, or with the
// database's lock timeout, when its time is up.
//
// Committed hooks run after the outermost commit, before the method returns.
type Hooks[T, C, U any] struct {
	Create  hook.Point[CreateEvent[T, C]]
	Update  hook.Point[UpdateEvent[T, U]]
	Delete  hook.Point[DeleteEvent[T]]
	Restore hook.Point[RestoreEvent[T]]
	Purge   hook.Point[PurgeEvent[T]]
	Get     hook.Point[GetEvent[T]]
	List    hook.Point[ListEvent[T]]
	All     hook.Point[Event[T]]
}

// Event is any operation, as [Hooks].All sees it.
type Event[T any] struct {
	Op  query.Operation // which operation
	ID  uuid.UUID       // the row's; nil before its creation and for lists
	Row *T              // the row as the phase knows it; nil for lists
}

// CreateEvent is the creation of one row. Before hooks may change Input, or
// Skip with a row that is answered in place of a new one; then validation,
// permissions on the new row, the statement and the feed are left out. After
// hooks see the Row as it was written and may change what is answered.
type CreateEvent[T, C any] struct {
	hook.Skipper[T]
	Input C
	Row   T
}

// UpdateEvent is the change of one row. Before hooks see the Row as it was
// and may change Input, or Skip with a row; After hooks see the new Row and
// may change what is answered. A manager with a Before hook reads the row
// before it is written, one without does both in one statement.
type UpdateEvent[T, U any] struct {
	hook.Skipper[T]
	ID      uuid.UUID
	Version int64 // as the caller named it; may be [AnyVersion]
	Input   U
	Row     T
}

// DeleteEvent is the (soft) deletion of one row. Before and After see the Row
// as it was, except that After sees the new version. Skip leaves the row as it
// is and answers success.
type DeleteEvent[T any] struct {
	hook.Skipper[struct{}]
	ID      uuid.UUID
	Version int64
	Row     T
}

// RestoreEvent is the restoration of one deleted row. Before sees the Row as it
// was deleted, After as it is now, and may change what is answered. Skip
// answers with a row and leaves the deleted one as it is; one that would come
// back with another stays deleted then, and what went with it.
type RestoreEvent[T any] struct {
	hook.Skipper[T]
	ID      uuid.UUID
	Version int64 // before it
	Row     T
}

// PurgeEvent is the removal for good of one row of a model with SoftDelete.
// Before and After see the Row as it was. Skip leaves the row as it is and
// answers success.
type PurgeEvent[T any] struct {
	hook.Skipper[struct{}]
	ID      uuid.UUID
	Version int64
	Row     T
}

// GetEvent is one Get. A Before hook may Skip with a row of its own making,
// which the permissions are not asked about.
type GetEvent[T any] struct {
	hook.Skipper[T]
	ID  uuid.UUID
	Row T
}

// ListEvent is one List. Before hooks may change the Query, or Skip with a
// page of their own making, which the permissions are not asked about.
type ListEvent[T any] struct {
	hook.Skipper[query.Page[T]]
	Query query.Query
	Page  query.Page[T]
}

// phases runs the hooks of one operation: its own point and the one of all.
type phases[T, E any] struct {
	all   *hook.Point[Event[T]]
	own   *hook.Point[E]
	event *E
	view  Event[T]
}

func phasesOf[T, E any](all *hook.Point[Event[T]], own *hook.Point[E], event *E, view Event[T]) phases[T, E] {
	return phases[T, E]{all: all, own: own, event: event, view: view}
}

func (p *phases[T, E]) before(ctx context.Context) error {
	return hookError(hook.RunBeforeBoth(ctx, p.all, &p.view, p.own, p.event))
}

func (p *phases[T, E]) after(ctx context.Context) error {
	return hookError(hook.RunAfterBoth(ctx, p.all, &p.view, p.own, p.event))
}

// afterCommit runs the Committed hooks of an operation that changes nothing:
// when the transaction around it is committed, where there is one.
func (p *phases[T, E]) afterCommit(ctx context.Context, db *sqldb.DB) {
	if p.all.HasCommitted() || p.own.HasCommitted() {
		sqldb.AfterCommit(ctx, db, p.committed)
	}
}

func (p *phases[T, E]) committed(ctx context.Context) {
	hook.RunCommittedBoth(ctx, p.all, p.view, p.own, *p.event)
}

func hasBefore[T, E any](all *hook.Point[Event[T]], own *hook.Point[E]) bool {
	return all.HasBefore() || own.HasBefore()
}

func hasAny[T, E any](all *hook.Point[Event[T]], own *hook.Point[E]) bool {
	return hasBefore(all, own) || all.HasAfter() || own.HasAfter()
}
