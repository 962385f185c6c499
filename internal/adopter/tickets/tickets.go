// Package tickets is an existing service that adopts crud and perm for its one
// table: the table, the pools, the transactions, the users, the router and the
// statistics' SQL are its own and stay so.
package tickets

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Agent is the service's user.
type Agent struct {
	ID    uuid.UUID
	Email string
}

// Ticket maps the service's table. The tag db names columns, the tag role
// what they mean; there is no version and no deleted_at.
type Ticket struct {
	No       uuid.UUID  `json:"no" db:"ticket_no" role:"id"`
	Subject  string     `json:"subject" validate:"required,max=200" sortable:"true"`
	State    string     `json:"state" validate:"oneof=open closed" default:"open"`
	OpenedBy uuid.UUID  `json:"opened_by" role:"created_by"`
	OpenedAt time.Time  `json:"opened_at" role:"created_at" sortable:"true"`
	Squad    *uuid.UUID `json:"squad" role:"team" ref:"teams"`
	Note     *string    `json:"note"`
}

// Table names the table.
func (Ticket) Table() registry.Table { return registry.Table{Name: "tickets"} }

// OpenTicket is what an agent sends to open a ticket.
type OpenTicket struct {
	Subject string     `json:"subject"`
	Squad   *uuid.UUID `json:"squad"`
}

// ChangeTicket is what an agent may change.
type ChangeTicket struct {
	Subject crud.Opt[string] `json:"subject,omitzero"`
	State   crud.Opt[string] `json:"state,omitzero"`
	Note    crud.Opt[string] `json:"note,omitzero"`
}

// Desk is the service.
type Desk struct {
	Tickets *crud.Manager[Ticket, OpenTicket, ChangeTicket]

	db       *sqldb.DB
	engine   *perm.Engine
	sessions map[string]Agent
}

// New is the desk over the service's database, with the sessions that are
// open, by their token.
func New(db *sqldb.DB, sessions map[string]Agent) (*Desk, error) {
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	if err != nil {
		return nil, err
	}
	tickets, err := crud.New[Ticket, OpenTicket, ChangeTicket](reg, db, engine, nil)
	if err != nil {
		return nil, err
	}
	return &Desk{tickets, db, engine, sessions}, reg.Validate()
}

// PermissionTables are the statements that make the tables of package perm,
// and no others: they are those of a registry with nothing else in it.
func PermissionTables(db *sqldb.DB) ([]string, error) {
	reg := registry.New(nil)
	if _, err := perm.New(reg, db, nil); err != nil {
		return nil, err
	}
	return reg.DDL(db.Dialect())
}

type agentKey struct{}

// SignIn is the service's middleware: the session's agent goes into the ctx,
// and with the last line before next it acts.
func (d *Desk) SignIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent, ok := d.sessions[r.Header.Get("X-Session")]
		if !ok {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		ctx := context.WithValue(r.Context(), agentKey{}, agent)
		ctx = joinery.WithActor(ctx, joinery.Actor{ID: agent.ID, Kind: joinery.User})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// statusOf is the service's own table from kinds to HTTP.
func statusOf(err error) int {
	switch joinery.KindOf(err) {
	case joinery.NotFound:
		return http.StatusNotFound
	case joinery.Forbidden:
		return http.StatusForbidden
	case joinery.Invalid, joinery.Malformed:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

var errNotPaid = errors.New("the invoice is not paid")
