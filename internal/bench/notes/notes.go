// Package notes holds the entities that every server of the benchmark serves:
// notes with owners, teams and grants, and tasks that inherit from projects.
package notes

import (
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/registry"
)

// Note is the row that is measured.
type Note struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title    string `json:"title" validate:"required,max=200"`
	Body     string `json:"body" validate:"max=10000"`
	Status   string `json:"status" validate:"oneof=open done draft archived" default:"open"`
	Priority int    `json:"priority" validate:"min=0,max=9"`
}

// Table declares the order of the measured list with filter and sort.
func (Note) Table() registry.Table {
	return registry.Table{Name: "notes", Sorts: []string{"updated_at"}}
}

// CreateNote is what a caller may say of a new note.
type CreateNote struct {
	Title    string     `json:"title"`
	Body     string     `json:"body"`
	Status   string     `json:"status"`
	Priority int        `json:"priority"`
	TeamID   *uuid.UUID `json:"team_id"`
}

// UpdateNote is what a caller may change.
type UpdateNote struct {
	Title    crud.Opt[string] `json:"title,omitzero"`
	Body     crud.Opt[string] `json:"body,omitzero"`
	Status   crud.Opt[string] `json:"status,omitzero"`
	Priority crud.Opt[int]    `json:"priority,omitzero"`
}

// Project is what tasks inherit their permissions from.
type Project struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Name string `json:"name" validate:"required,max=200"`
}

// CreateProject is what a caller may say of a new project.
type CreateProject struct {
	Name   string     `json:"name"`
	TeamID *uuid.UUID `json:"team_id"`
}

// UpdateProject is what a caller may change.
type UpdateProject struct {
	Name crud.Opt[string] `json:"name,omitzero"`
}

// Task is the row of the second data set: who may see its project may see it.
type Task struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	Title     string                `json:"title" validate:"required,max=200"`
	Status    string                `json:"status" validate:"oneof=open done draft archived" default:"open"`
	ProjectID registry.Ref[Project] `json:"project_id" ref:"projects,cascade,inherit"`
}

// CreateTask is what a caller may say of a new task.
type CreateTask struct {
	Title     string                `json:"title"`
	Status    string                `json:"status"`
	ProjectID registry.Ref[Project] `json:"project_id"`
}

// UpdateTask is what a caller may change.
type UpdateTask struct {
	Title  crud.Opt[string] `json:"title,omitzero"`
	Status crud.Opt[string] `json:"status,omitzero"`
}
