package migrate_test

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// The models of the tests of Diff: projects, notes and comments, and the notes
// after each change.

type ident struct {
	ID uuid.UUID `json:"id"`
}

type project struct {
	ident
	Name string `json:"name" validate:"max=80"`
}

type comment struct {
	ident
	NoteID uuid.UUID `json:"note_id" ref:"notes,cascade"`
}

type head struct {
	Title string `json:"title" validate:"max=80"`
}

type tail struct {
	Priority  int        `json:"priority" default:"3"`
	Status    string     `json:"status" validate:"oneof=open done" default:"open"`
	Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
	Body      *string    `json:"body"`
	ProjectID *uuid.UUID `json:"project_id"`
}

type note struct {
	ident
	head
	tail
}

type (
	noteDue struct {
		note
		Due *time.Time `json:"due"`
	}
	noteVotes struct {
		note
		Votes int             `json:"votes" default:"7"`
		Since time.Time       `json:"since" default:"2026-01-02T03:04:05Z"`
		Data  json.RawMessage `json:"data" default:"{}"`
	}
	noteRequired struct {
		note
		Author uuid.UUID `json:"author"`
	}
	noteHeading struct {
		ident
		Heading string `json:"heading" validate:"max=80" was:"title" sortable:"true"`
		tail
	}
	noteSorted struct {
		ident
		Title string `json:"title" validate:"max=80" sortable:"true"`
		tail
	}
	noteUnique struct {
		ident
		Title string `json:"title" validate:"max=80" unique:"true,global"`
		tail
	}
	noteNumber struct {
		ident
		Title int `json:"title"`
		tail
	}
	noteUntitled struct {
		ident
		tail
	}
	noteText struct {
		ident
		head
		Priority  string     `json:"priority" default:"none"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteOptional struct {
		ident
		head
		Priority  *int       `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteFive struct {
		ident
		head
		Priority  int        `json:"priority" default:"5"`
		Status    string     `json:"status" validate:"oneof=open done"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body" default:"it's \\ 'new'"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteFilled struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      string     `json:"body" default:"none"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteFull struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      string     `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteLate struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open late done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteOpen struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteDear struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(12,3)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	noteOfProject struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id" ref:"projects,cascade"`
	}
	noteKept struct {
		ident
		head
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body"`
		ProjectID *uuid.UUID `json:"project_id" ref:"projects,setnull"`
	}
	noteDeletable struct {
		ident
		registry.SoftDelete
		Title string `json:"title" validate:"max=80" unique:"true,global" sortable:"true"`
		tail
	}
	noteRich struct {
		ident
		Title     string     `json:"title" validate:"max=80" sortable:"true"`
		Priority  int        `json:"priority" default:"3"`
		Status    string     `json:"status" validate:"oneof=open done" default:"open"`
		Price     string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body      *string    `json:"body" index:"true"`
		ProjectID *uuid.UUID `json:"project_id" ref:"projects"`
	}
	pageAll struct {
		ident
		Heading  string     `json:"heading" was:"title"`
		Priority string     `json:"priority" default:"3"`
		State    string     `json:"state" validate:"oneof=open done late" default:"late" was:"status"`
		Price    string     `json:"price" type:"decimal(8,2)" default:"0"`
		Body     *string    `json:"body" sortable:"true"`
		Under    *uuid.UUID `json:"under" was:"project_id" ref:"projects"`
	}
	remark struct {
		ident
		NoteID uuid.UUID `json:"note_id" ref:"pages,cascade"`
	}
	plainComment struct {
		ident
		NoteID uuid.UUID `json:"note_id" index:"true"`
	}
	label struct {
		ident
		Text   string     `json:"text" validate:"max=20" default:"'new'"`
		NoteID *uuid.UUID `json:"note_id" ref:"notes"`
		NextID *uuid.UUID `json:"next_id" ref:"labels"`
	}
)

// as adds a type under the name of a table.
func as[T any](table registry.Table) func(*registry.Registry) {
	return func(reg *registry.Registry) {
		registry.MustAdd[T](reg, registry.WithTable(table), registry.WithName("M"+table.Name))
	}
}

func noteOf[T any]() func(*registry.Registry) { return as[T](registry.Table{Name: "notes"}) }

func projects(reg *registry.Registry) { as[project](registry.Table{Name: "projects"})(reg) }
func comments(reg *registry.Registry) { as[comment](registry.Table{Name: "comments"})(reg) }

func models(add ...func(*registry.Registry)) *registry.Registry {
	reg := registry.New(nil)
	for _, a := range add {
		a(reg)
	}
	return reg
}
