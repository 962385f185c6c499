package serve

import (
	"time"

	"github.com/google/uuid"
)

// Entity is what every row begins with. Its name is exported because GORM skips
// embedded structs whose name is not.
type Entity struct {
	ID          uuid.UUID  `json:"id"`
	CreatedAt   time.Time  `json:"created_at"`
	CreatedByID *uuid.UUID `json:"created_by_id"`
	Version     int64      `json:"version"`
	UpdatedAt   time.Time  `json:"updated_at"`
	UpdatedByID *uuid.UUID `json:"updated_by_id"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty"`
	DeletedByID *uuid.UUID `json:"deleted_by_id,omitempty"`
	UserID      *uuid.UUID `json:"user_id"`
}

const entityColumns = "n.id, n.created_at, n.created_by_id, n.version, n.updated_at, n.updated_by_id, n.deleted_at, n.deleted_by_id, n.user_id"

func (e *Entity) into(dest []any) []any {
	return append(dest, &e.ID, &e.CreatedAt, &e.CreatedByID, &e.Version, &e.UpdatedAt, &e.UpdatedByID, &e.DeletedAt, &e.DeletedByID, &e.UserID)
}

func (e *Entity) done() { e.CreatedAt, e.UpdatedAt = e.CreatedAt.UTC(), e.UpdatedAt.UTC() }

func (e *Entity) place() (updated time.Time, id uuid.UUID) { return e.UpdatedAt, e.ID }

// note is the row of the servers that do not use Joinery, the same JSON as its
// own.
type note struct {
	Entity
	TeamID   *uuid.UUID `json:"team_id"`
	Title    string     `json:"title"`
	Body     string     `json:"body"`
	Status   string     `json:"status"`
	Priority int        `json:"priority"`
}

const noteColumns = entityColumns + ", n.team_id, n.title, n.body, n.status, n.priority"

func (n *note) into(dest []any) []any {
	return append(n.Entity.into(dest), &n.TeamID, &n.Title, &n.Body, &n.Status, &n.Priority)
}

// task is the row of the second data set.
type task struct {
	Entity
	Title     string    `json:"title"`
	Status    string    `json:"status"`
	ProjectID uuid.UUID `json:"project_id"`
}

const taskColumns = entityColumns + ", n.title, n.status, n.project_id"

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
