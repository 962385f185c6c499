package serve

import (
	"time"

	"github.com/google/uuid"
)

// note is the row of the servers that are written by hand, the same JSON as
// Joinery's.
type note struct {
	ID          uuid.UUID  `json:"id"`
	CreatedAt   time.Time  `json:"created_at"`
	CreatedByID *uuid.UUID `json:"created_by_id"`
	Version     int64      `json:"version"`
	UpdatedAt   time.Time  `json:"updated_at"`
	UpdatedByID *uuid.UUID `json:"updated_by_id"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty"`
	DeletedByID *uuid.UUID `json:"deleted_by_id,omitempty"`
	UserID      *uuid.UUID `json:"user_id"`
	TeamID      *uuid.UUID `json:"team_id"`
	Title       string     `json:"title"`
	Body        string     `json:"body"`
	Status      string     `json:"status"`
	Priority    int        `json:"priority"`
}

const noteColumns = "n.id, n.created_at, n.created_by_id, n.version, n.updated_at, n.updated_by_id, n.deleted_at, n.deleted_by_id, n.user_id, n.team_id, n.title, n.body, n.status, n.priority"

// into are the places of a row's columns.
func (n *note) into() []any {
	return []any{&n.ID, &n.CreatedAt, &n.CreatedByID, &n.Version, &n.UpdatedAt, &n.UpdatedByID, &n.DeletedAt, &n.DeletedByID, &n.UserID, &n.TeamID, &n.Title, &n.Body, &n.Status, &n.Priority}
}

// task is the row of the second data set.
type task struct {
	ID          uuid.UUID  `json:"id"`
	CreatedAt   time.Time  `json:"created_at"`
	CreatedByID *uuid.UUID `json:"created_by_id"`
	Version     int64      `json:"version"`
	UpdatedAt   time.Time  `json:"updated_at"`
	UpdatedByID *uuid.UUID `json:"updated_by_id"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty"`
	DeletedByID *uuid.UUID `json:"deleted_by_id,omitempty"`
	UserID      *uuid.UUID `json:"user_id"`
	Title       string     `json:"title"`
	Status      string     `json:"status"`
	ProjectID   uuid.UUID  `json:"project_id"`
}

const taskColumns = "n.id, n.created_at, n.created_by_id, n.version, n.updated_at, n.updated_by_id, n.deleted_at, n.deleted_by_id, n.user_id, n.title, n.status, n.project_id"

// page is a list's answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// createNote is the body of a POST.
type createNote struct {
	Title    string     `json:"title"`
	Body     string     `json:"body"`
	Status   string     `json:"status"`
	Priority int        `json:"priority"`
	TeamID   *uuid.UUID `json:"team_id"`
}

// check completes and judges what was sent.
func (c *createNote) check() bool {
	if c.Status == "" {
		c.Status = "open"
	}
	return c.Title != "" && len(c.Title) <= 200 && len(c.Body) <= 10000 && knownStatus(c.Status) && 0 <= c.Priority && c.Priority <= 9
}

// updateNote is the body of a PATCH.
type updateNote struct {
	Title    *string `json:"title"`
	Body     *string `json:"body"`
	Status   *string `json:"status"`
	Priority *int    `json:"priority"`
}

func (u *updateNote) check() bool {
	return (u.Title == nil || *u.Title != "" && len(*u.Title) <= 200) && (u.Body == nil || len(*u.Body) <= 10000) &&
		(u.Status == nil || knownStatus(*u.Status)) && (u.Priority == nil || 0 <= *u.Priority && *u.Priority <= 9)
}

func knownStatus(s string) bool {
	return s == "open" || s == "done" || s == "draft" || s == "archived"
}
