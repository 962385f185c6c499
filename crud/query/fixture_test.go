package query_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

type Status string

type Project struct {
	registry.Entity
	registry.Named
	LeadID *registry.Ref[Person]  `json:"lead_id" ref:"people"`
	Lead   *Person                `json:"lead,omitzero" rel:"lead_id"`
	Secret string                 `json:"-" api:"hidden"`
	BackUp *registry.Ref[Project] `json:"backup_id" ref:"self"`
	Backup *Project               `json:"backup,omitzero" rel:"backup_id"`
}

type Person struct {
	registry.Entity
	Email string `json:"email"`
}

func (Person) Table() registry.Table { return registry.Table{Name: "people"} }

type Comment struct {
	registry.Entity
	NoteID registry.Ref[Note]    `json:"note_id" ref:"notes,cascade"`
	Text   string                `json:"text"`
	ByID   *registry.Ref[Person] `json:"by_id" ref:"people"`
	By     *Person               `json:"by,omitzero" rel:"by_id"`
}

type Note struct {
	registry.Entity
	registry.SoftDelete
	Title     string                 `json:"title" sortable:"true"`
	Subtitle  *string                `json:"subtitle" sortable:"true"`
	Status    Status                 `json:"status" validate:"oneof=open done" sortable:"status,-priority"`
	Mood      string                 `json:"mood" validate:"omitempty,oneof=good bad"`
	Priority  int16                  `json:"priority" sortable:"true"`
	Size      uint8                  `json:"size"`
	Score     *float64               `json:"score" sortable:"true"`
	Ratio     float32                `json:"ratio"`
	Price     string                 `json:"price" type:"decimal(12,2)" sortable:"true"`
	Done      bool                   `json:"done" sortable:"true"`
	DueAt     *time.Time             `json:"due_at" sortable:"true"`
	Can       joinery.Actions        `json:"can"`
	Meta      map[string]string      `json:"meta"`
	Blob      []byte                 `json:"blob"`
	Limit     int                    `json:"limit"`
	Password  string                 `json:"password" api:"writeonly"`
	Hash      string                 `json:"-" api:"hidden"`
	ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects" sortable:"true"`
	Project   *Project               `json:"project,omitzero" rel:"project_id"`
	Comments  []Comment              `json:"comments,omitzero" rel:"comments.note_id"`
}

// notes is the model of Note, in a registry of its own.
func notes(t testing.TB) *registry.Model {
	t.Helper()
	reg := registry.New(nil)
	m := registry.MustAdd[Note](reg)
	registry.MustAdd[Project](reg)
	registry.MustAdd[Person](reg)
	registry.MustAdd[Comment](reg)
	if err := reg.SetSearch(m, "overdue", registry.SearchField{Doc: "Whether the note is late."}); err != nil {
		t.Fatal(err)
	}
	if err := reg.Validate(); err != nil {
		t.Fatal(err)
	}
	return m
}

// resolve is Resolve for queries that must be right.
func resolve(t testing.TB, m *registry.Model, q query.Query) *query.Resolved {
	t.Helper()
	r, err := query.Resolve(m, q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fields are the problems that err tells of, which must be Malformed.
func fields(t testing.TB, err error) []joinery.FieldError {
	t.Helper()
	var e *joinery.Error
	if !errors.As(err, &e) || e.Kind != joinery.Malformed || e.Code != "bad_query" || e.Message == "" {
		t.Fatalf("%v is no bad_query", err)
	}
	return e.Fields
}

// problem is the only problem of err, as "place code".
func problem(t testing.TB, err error) string {
	t.Helper()
	list := fields(t, err)
	if len(list) != 1 {
		t.Fatalf("%d problems: %v", len(list), err)
	}
	return list[0].Parameter + list[0].Pointer + " " + list[0].Code
}

var someID = uuid.MustParse("0198f3a4-5b6c-7d8e-9f00-112233445566")
