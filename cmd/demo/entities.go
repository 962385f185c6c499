package main

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/registry"
)

// Project gathers notes. Everybody may see projects, also without an account.
type Project struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Name        string `json:"name" validate:"required,max=200" doc:"Name." example:"Mirror upgrade" sortable:"true"`
	Description string `json:"description" validate:"max=10000" doc:"What it is about." example:"A new coating for the main mirror."`
	Notes       []Note `json:"notes,omitzero" rel:"notes.project_id"`
}

// Table makes projects public to view.
func (Project) Table() registry.Table {
	return registry.Table{
		Comment: "Gather notes; public to view.",
		Policy:  registry.Policy{Public: joinery.View},
	}
}

// CreateProject is what a caller may send to create a project.
type CreateProject struct {
	Name        string     `json:"name"`
	Description string     `json:"description"`
	TeamID      *uuid.UUID `json:"team_id"`
}

// UpdateProject is what a caller may change of a project.
type UpdateProject struct {
	Name        crud.Opt[string]    `json:"name,omitzero"`
	Description crud.Opt[string]    `json:"description,omitzero"`
	TeamID      crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
}

// Status is how far a note is.
type Status string

// What a note's status can be.
const (
	Open Status = "open"
	Done Status = "done"
)

// Note is something to do or to remember. Who may do something with its
// project may do so with the note.
type Note struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title     string                 `json:"title" validate:"required,max=200" doc:"Headline." example:"Polish the mirror" sortable:"true"`
	Body      string                 `json:"body" validate:"max=10000" doc:"Text." example:"Gloves on, phones off."`
	Status    Status                 `json:"status" validate:"oneof=open done" default:"open" doc:"How far it is." example:"open" sortable:"true;status,-priority"`
	Priority  int                    `json:"priority" validate:"gte=0,lte=5" doc:"From 0 to 5, the most urgent." example:"3" sortable:"true"`
	DueAt     *time.Time             `json:"due_at" doc:"When it should be done; null: some day." sortable:"true"`
	ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects,cascade,inherit" doc:"The project it belongs to; null: none."`
	Project   *Project               `json:"project,omitzero" rel:"project_id"`
	Comments  []Comment              `json:"comments,omitzero" rel:"comments.note_id"`
}

// Table lets whoever may Execute in a team or in a project add notes to it.
func (Note) Table() registry.Table {
	return registry.Table{
		Comment: "Things to do or to remember.",
		Policy:  registry.Policy{CreateInTeam: joinery.Execute, CreateUnder: joinery.Execute},
	}
}

// CreateNote is what a caller may send to create a note.
type CreateNote struct {
	Title     string                 `json:"title"`
	Body      string                 `json:"body"`
	Status    Status                 `json:"status"`
	Priority  int                    `json:"priority"`
	DueAt     *time.Time             `json:"due_at"`
	TeamID    *uuid.UUID             `json:"team_id"`
	ProjectID *registry.Ref[Project] `json:"project_id"`
}

// UpdateNote is what a caller may change of a note.
type UpdateNote struct {
	Title     crud.Opt[string]                `json:"title,omitzero"`
	Body      crud.Opt[string]                `json:"body,omitzero"`
	Status    crud.Opt[Status]                `json:"status,omitzero"`
	Priority  crud.Opt[int]                   `json:"priority,omitzero"`
	DueAt     crud.Opt[time.Time]             `json:"due_at,omitzero"`
	TeamID    crud.Opt[uuid.UUID]             `json:"team_id,omitzero"`
	ProjectID crud.Opt[registry.Ref[Project]] `json:"project_id,omitzero"`
}

// Comment is a remark on a note. Who may do something with the note may do so
// with its comments.
type Comment struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	NoteID registry.Ref[Note] `json:"note_id" ref:"notes,cascade,inherit" doc:"The note it is about."`
	Text   string             `json:"text" validate:"required,max=2000" doc:"What is said." example:"Done before noon."`
	Note   *Note              `json:"note,omitzero" rel:"note_id"`
}

// Table lets whoever may see a note comment on it.
func (Comment) Table() registry.Table {
	return registry.Table{
		Comment: "Remarks on notes.",
		Policy:  registry.Policy{CreateUnder: joinery.View},
	}
}

// CreateComment is what a caller may send to comment on a note.
type CreateComment struct {
	NoteID registry.Ref[Note] `json:"note_id"`
	Text   string             `json:"text"`
}

// UpdateComment is what a caller may change of a comment.
type UpdateComment struct {
	Text crud.Opt[string] `json:"text,omitzero"`
}
