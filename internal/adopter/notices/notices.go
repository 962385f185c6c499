// Package notices is an existing service that adopts package rest for its
// notice board: the rows live in a map, the router and its other routes are
// the service's own. No database is linked.
package notices

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// Notice hangs on the board. Its fields are the service's own; the tag role
// says which of them mean something to rest.
type Notice struct {
	ID       uuid.UUID `json:"id" role:"id" doc:"Identifier."`
	Revision int64     `json:"revision" role:"version" doc:"Counts the changes."`
	Posted   time.Time `json:"posted" role:"created_at" doc:"When it was hung up."`
	Headline string    `json:"headline" validate:"required,max=80" example:"Fire drill on Friday"`
	Pinned   bool      `json:"pinned" api:"readonly"`
}

// Table names the rows; there is no table.
func (Notice) Table() registry.Table { return registry.Table{Name: "notices"} }

// PostNotice is what a new notice takes.
type PostNotice struct {
	Headline string `json:"headline"`
}

// EditNotice is what may be changed.
type EditNotice struct {
	Headline query.Opt[string] `json:"headline,omitzero"`
}

// Board keeps notices. It is safe for concurrent use.
type Board struct {
	Now func() time.Time

	mu   sync.Mutex
	rows map[uuid.UUID]Notice
}

// NewBoard is an empty board.
func NewBoard() *Board { return &Board{Now: time.Now, rows: map[uuid.UUID]Notice{}} }

var errMissing = joinery.Errorf(joinery.NotFound, "", "There is no such notice.")

// Get is one notice.
func (b *Board) Get(_ context.Context, id uuid.UUID, _ ...query.GetOption) (Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.find(id)
}

func (b *Board) find(id uuid.UUID) (Notice, error) {
	if n, ok := b.rows[id]; ok {
		return n, nil
	}
	return Notice{}, errMissing
}

// List is all notices, the newest first; the board has no other order, and one
// filter: the headline.
func (b *Board) List(_ context.Context, q query.Query) (query.Page[Notice], error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	page := query.Page[Notice]{Items: []Notice{}}
	for _, n := range b.rows {
		switch f := q.Filter; {
		case f.Op == "" || f.Op == query.OpEq && f.Field == "headline" && f.Value == n.Headline:
			page.Items = append(page.Items, n)
		case f.Op != query.OpEq || f.Field != "headline":
			return page, joinery.Errorf(joinery.Unsupported, "", "Notices are searched by headline.eq only.")
		}
	}
	slices.SortFunc(page.Items, func(x, y Notice) int { return cmp.Compare(y.ID.String(), x.ID.String()) })
	return page, nil
}

// Create hangs a notice up.
func (b *Board) Create(_ context.Context, in PostNotice) (Notice, error) {
	if in.Headline == "" {
		return Notice{}, noHeadline()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	id, err := uuid.NewV7()
	if err != nil {
		return Notice{}, err
	}
	b.rows[id] = Notice{ID: id, Revision: 1, Posted: b.Now().UTC(), Headline: in.Headline}
	return b.rows[id], nil
}

// noHeadline is what rest makes a 422 of. The tags of Notice are in the
// document; to enforce them is the service's part, as it is a manager's.
func noHeadline() error {
	return &joinery.Error{Kind: joinery.Invalid, Fields: []joinery.FieldError{
		{Pointer: "/headline", Code: "required", Message: "must not be empty"},
	}}
}

// Update changes a notice of the revision.
func (b *Board) Update(_ context.Context, id uuid.UUID, revision int64, in EditNotice) (Notice, error) {
	if headline, ok := in.Headline.Get(); ok && headline == "" {
		return Notice{}, noHeadline()
	}
	return b.change(id, revision, func(n *Notice) {
		if headline, ok := in.Headline.Get(); ok {
			n.Headline = headline
		}
	})
}

func (b *Board) change(id uuid.UUID, revision int64, edit func(*Notice)) (Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.current(id, revision)
	if err != nil {
		return Notice{}, err
	}
	edit(&n)
	n.Revision++
	b.rows[id] = n
	return n, nil
}

// current is the notice, if it has the revision still.
func (b *Board) current(id uuid.UUID, revision int64) (Notice, error) {
	n, err := b.find(id)
	if err == nil && revision != query.AnyVersion && revision != n.Revision {
		err = &joinery.Error{Kind: joinery.Stale, Version: n.Revision}
	}
	return n, err
}

// Delete takes a notice down.
func (b *Board) Delete(_ context.Context, id uuid.UUID, revision int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := b.current(id, revision)
	if err == nil {
		delete(b.rows, id)
	}
	return err
}

// Pinning names a notice in a path.
type Pinning struct {
	ID uuid.UUID `path:"id" json:"-"`
}

// Pin keeps a notice on top.
func (b *Board) Pin(_ context.Context, in Pinning) (Notice, error) {
	return b.change(in.ID, query.AnyVersion, func(n *Notice) { n.Pinned = true })
}
