package registry

import (
	"time"

	"github.com/google/uuid"
)

// Entity gives a row its identity. Without it T must have a field with column
// id of its own; without a version column updates have no concurrency check.
type Entity struct {
	Attachable
	ID          uuid.UUID  `json:"id" api:"readonly" doc:"Identifier, in order of creation (UUIDv7)."`
	CreatedAt   time.Time  `json:"created_at" api:"readonly" doc:"When the row was created."`
	CreatedByID *uuid.UUID `json:"created_by_id" api:"readonly" doc:"Who created the row."`
	Version     int64      `json:"version" api:"readonly" default:"1" doc:"Counts the changes of the row; updates name the version they saw."`
}

// Updated records the last change. Create sets it too.
type Updated struct {
	UpdatedAt   time.Time  `json:"updated_at" api:"readonly" doc:"When the row was last changed."`
	UpdatedByID *uuid.UUID `json:"updated_by_id" api:"readonly" doc:"Who changed the row last."`
}

// SoftDelete keeps deleted rows, out of everyone's sight but Root's. Without
// it Delete removes the row for good.
type SoftDelete struct {
	DeletedAt   *time.Time `json:"deleted_at,omitempty" api:"readonly" doc:"When the row was deleted; absent on live rows."`
	DeletedByID *uuid.UUID `json:"deleted_by_id,omitempty" api:"readonly" doc:"Who deleted the row."`
}

// Owned gives a row an owner beside its creator. Without it, or where it is
// null, the creator owns the row.
type Owned struct {
	UserID *uuid.UUID `json:"user_id" doc:"Who owns the row."`
}

// InTeam puts a row into a team; null: into none.
type InTeam struct {
	TeamID *uuid.UUID `json:"team_id" ref:"teams" doc:"The team the row belongs to."`
}

// Tree makes rows of one model a tree. It does not pass permissions down; a
// field with ref:"…,inherit" of T's own does.
type Tree struct {
	ParentID *uuid.UUID `json:"parent_id" ref:"self" doc:"The row above this one; null at the top."`
}

// Named gives a row a name.
type Named struct {
	Name string `json:"name" validate:"required,max=200" doc:"Name." sortable:"true"`
}

// Described gives a row a description.
type Described struct {
	Description string `json:"description" validate:"max=10000" doc:"Description."`
}

// Imaged gives a row the address of a picture.
type Imaged struct {
	ImageURL string `json:"image_url" validate:"omitempty,url,max=2000" doc:"Address of a picture."`
}
