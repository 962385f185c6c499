package registry_test

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// The entities of the tests: a small app that uses every feature.

type Status string

type Project struct {
	registry.Entity
	registry.SoftDelete
	registry.InTeam
	registry.Named
	registry.Tree
	Notes []Note `json:"notes,omitzero" rel:"notes.project_id" doc:"The notes of the project."`
}

type Note struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Title     string                `json:"title" validate:"required,max=200" doc:"Headline." example:"Ship it" sortable:"true"`
	Body      string                `json:"body"`
	Status    Status                `json:"status" validate:"oneof=open done" default:"open" sortable:"true;status,-priority"`
	Priority  int32                 `json:"priority" validate:"gte=0,lte=9" default:"3"`
	DueAt     *time.Time            `json:"due_at" sortable:"true"`
	Price     string                `json:"price" type:"decimal(12,2)" default:"0.00"`
	Done      bool                  `json:"done" default:"false"`
	Score     *float64              `json:"score"`
	Can       joinery.Actions       `json:"can"`
	Tags      []string              `json:"tags" default:"[]"`
	Meta      json.RawMessage       `json:"meta" default:"{}"`
	Data      []byte                `json:"-" api:"hidden" db:"data"`
	Secret    *string               `json:"secret" api:"writeonly"`
	ProjectID registry.Ref[Project] `json:"project_id" ref:"projects,cascade,inherit"`
	Project   *Project              `json:"project,omitzero" rel:"project_id" doc:"The project of the note."`
	Comments  []Comment             `json:"comments,omitzero" rel:"comments.note_id"`
}

func (Note) Table() registry.Table {
	return registry.Table{
		Comment: "A thing to remember.",
		Unique:  []registry.Unique{{Columns: []string{"team_id", "title"}}},
		Indexes: []registry.Index{{Columns: []string{"status", "-priority"}}},
		Sorts:   []string{"updated_at"},
	}
}

type Comment struct {
	registry.Entity
	NoteID registry.Ref[Note]     `json:"note_id" ref:"notes,cascade"`
	Reply  *registry.Ref[Comment] `json:"reply_to_id" ref:"self,setnull"`
	Text   string                 `json:"text" validate:"required"`
}

type CreateNote struct {
	Title     string              `json:"title"`
	TeamID    *uuid.UUID          `json:"team_id"`
	ProjectID uuid.UUID           `json:"project_id"`
	Status    Opt[Status]         `json:"status,omitzero"`
	Priority  Opt[int32]          `json:"priority,omitzero"`
	Tags      []string            `json:"tags"`
	DueAt     Opt[time.Time]      `json:"due_at,omitzero"`
	Parent    *registry.Ref[Note] `json:"parent" db:"-" doc:"Copied from."`
	Ignored   func()              `json:"-"`
}

type UpdateNote struct {
	Title     Opt[string]                `json:"title,omitzero" validate:"max=100"`
	Status    Opt[Status]                `json:"status,omitzero"`
	ProjectID Opt[registry.Ref[Project]] `json:"project_id,omitzero"`
	UserID    Opt[uuid.UUID]             `json:"user_id,omitzero"`
	Can       Opt[joinery.Actions]       `json:"can,omitzero"`
	Secret    Opt[string]                `json:"secret,omitzero"`
}

// Opt is what crud/query has: a value that may be absent or null.
type Opt[X any] struct {
	value     X
	set, null bool
}

func set[X any](v X) Opt[X] { return Opt[X]{value: v, set: true} }
func null[X any]() Opt[X]   { return Opt[X]{set: true, null: true} }

func (o Opt[X]) IsSet() bool           { return o.set }
func (o Opt[X]) IsNull() bool          { return o.null }
func (o Opt[X]) OptValue() any         { return o.value }
func (o Opt[X]) OptType() reflect.Type { return reflect.TypeFor[X]() }
func (o Opt[X]) IsZero() bool          { return !o.set }

// newRegistry has the entities above, with their forms.
func newRegistry() *registry.Registry {
	reg := registry.New(nil)
	registry.MustAdd[Comment](reg) // before what it refers to
	note := registry.MustAdd[Note](reg)
	registry.MustAdd[Project](reg)
	if err := reg.SetForms(note, reflect.TypeFor[CreateNote](), reflect.TypeFor[UpdateNote]()); err != nil {
		panic(err)
	}
	return reg
}
