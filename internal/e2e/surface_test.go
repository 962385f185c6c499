package e2e_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// What may be sent for the entities of permtest: every column that has a
// meaning for the rules, and no more.
type (
	CreateAccount struct {
		Title string `json:"title"`
	}
	UpdateAccount struct {
		Title crud.Opt[string] `json:"title,omitzero"`
	}

	CreateProject struct {
		Title  string     `json:"title"`
		UserID *uuid.UUID `json:"user_id"`
		TeamID *uuid.UUID `json:"team_id"`
	}
	UpdateProject struct {
		Title  crud.Opt[string]    `json:"title,omitzero"`
		UserID crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
		TeamID crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
	}
	CreateArticle CreateProject
	UpdateArticle UpdateProject
	CreateSecret  CreateProject
	UpdateSecret  UpdateProject

	CreatePoll struct {
		Title  string     `json:"title"`
		UserID *uuid.UUID `json:"user_id"`
	}
	UpdatePoll struct {
		Title  crud.Opt[string]    `json:"title,omitzero"`
		UserID crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
	}
	CreateSetting CreatePoll
	UpdateSetting UpdatePoll

	CreateNote struct {
		UserID     *uuid.UUID `json:"user_id"`
		TeamID     *uuid.UUID `json:"team_id"`
		ProjectID  *uuid.UUID `json:"project_id"`
		ReviewerID *uuid.UUID `json:"reviewer_id"`
		Shared     bool       `json:"shared"`
		Rank       *int64     `json:"rank"`
	}
	UpdateNote struct {
		UserID     crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
		TeamID     crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
		ProjectID  crud.Opt[uuid.UUID] `json:"project_id,omitzero"`
		ReviewerID crud.Opt[uuid.UUID] `json:"reviewer_id,omitzero"`
		Shared     crud.Opt[bool]      `json:"shared,omitzero"`
		Rank       crud.Opt[int64]     `json:"rank,omitzero"`
	}

	CreateComment struct {
		NoteID    *uuid.UUID `json:"note_id"`
		ProjectID *uuid.UUID `json:"project_id"`
		LabelID   *uuid.UUID `json:"label_id"`
		MentionID *uuid.UUID `json:"mention_id"`
		WitnessID *uuid.UUID `json:"witness_id"`
	}
	UpdateComment struct {
		NoteID    crud.Opt[uuid.UUID] `json:"note_id,omitzero"`
		ProjectID crud.Opt[uuid.UUID] `json:"project_id,omitzero"`
		LabelID   crud.Opt[uuid.UUID] `json:"label_id,omitzero"`
		MentionID crud.Opt[uuid.UUID] `json:"mention_id,omitzero"`
		WitnessID crud.Opt[uuid.UUID] `json:"witness_id,omitzero"`
	}

	CreateFolder struct {
		UserID    *uuid.UUID `json:"user_id"`
		TeamID    *uuid.UUID `json:"team_id"`
		ParentID  *uuid.UUID `json:"parent_id"`
		ProjectID *uuid.UUID `json:"project_id"`
	}
	UpdateFolder struct {
		UserID    crud.Opt[uuid.UUID] `json:"user_id,omitzero"`
		TeamID    crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
		ParentID  crud.Opt[uuid.UUID] `json:"parent_id,omitzero"`
		ProjectID crud.Opt[uuid.UUID] `json:"project_id,omitzero"`
	}

	CreateBox struct {
		ParentID *uuid.UUID `json:"parent_id"`
		LinkID   *uuid.UUID `json:"link_id"`
	}
	UpdateBox struct {
		ParentID crud.Opt[uuid.UUID] `json:"parent_id,omitzero"`
		LinkID   crud.Opt[uuid.UUID] `json:"link_id,omitzero"`
	}

	CreateLabel struct {
		Title  string     `json:"title"`
		TeamID *uuid.UUID `json:"team_id"`
	}
	UpdateLabel struct {
		Title  crud.Opt[string]    `json:"title,omitzero"`
		TeamID crud.Opt[uuid.UUID] `json:"team_id,omitzero"`
	}

	CreateAttachment struct {
		ArticleID *uuid.UUID `json:"article_id"`
		SettingID *uuid.UUID `json:"setting_id"`
		SecretID  *uuid.UUID `json:"secret_id"`
	}
	UpdateAttachment struct {
		ArticleID crud.Opt[uuid.UUID] `json:"article_id,omitzero"`
		SettingID crud.Opt[uuid.UUID] `json:"setting_id,omitzero"`
		SecretID  crud.Opt[uuid.UUID] `json:"secret_id,omitzero"`
	}
)

// surface serves the entities of permtest, each at /v1/ and its table's name,
// and puts worlds into their tables. It is for one goroutine.
type surface struct {
	*client
	tables *permtest.Database
	world  *permtest.World
	dirty  bool // a request has written since the world was loaded

	managers map[string]manager // by table
}

// manager is what every manager answers, whatever its types.
type manager interface {
	Model() *registry.Model
	Count(ctx context.Context, q query.Query) (int64, error)
	Aggregate(ctx context.Context, q query.Query, parts ...query.Aggregate) ([]query.Group, error)
	Exists(ctx context.Context, id uuid.UUID) (bool, error)
	Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error)
}

func newSurface(t testing.TB, db *sqldb.DB) *surface {
	t.Helper()
	s := &surface{tables: permtest.Open(t, db), managers: map[string]manager{}}
	clock := func() time.Time { return s.world.Now }
	reg := permtest.Registry(true)
	engine, err := perm.New(reg, db, &perm.Options{Users: "users", Now: clock})
	must(t, err)
	special, err := teams.New(reg, db, engine, &teams.Options{CreatorRole: permtest.ID("superadmin"), Now: clock})
	must(t, err)
	m := mounter{t, reg, db, engine, clock, s.managers, rest.New(nil, &rest.Options{Auth: signIn, Registry: reg, NoAccessLog: true, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))})}
	mount(m, special.Teams)
	mount(m, special.Roles)
	mount(m, special.Memberships)
	mount(m, special.Grants)
	mountNew[permtest.Account, CreateAccount, UpdateAccount](m)
	mountNew[permtest.Project, CreateProject, UpdateProject](m)
	mountNew[permtest.Article, CreateArticle, UpdateArticle](m)
	mountNew[permtest.Secret, CreateSecret, UpdateSecret](m)
	mountNew[permtest.Poll, CreatePoll, UpdatePoll](m)
	mountNew[permtest.Setting, CreateSetting, UpdateSetting](m)
	mountNew[permtest.Note, CreateNote, UpdateNote](m)
	mountNew[permtest.Comment, CreateComment, UpdateComment](m)
	mountNew[permtest.Folder, CreateFolder, UpdateFolder](m)
	mountNew[permtest.Box, CreateBox, UpdateBox](m)
	mountNew[permtest.Label, CreateLabel, UpdateLabel](m)
	mountNew[permtest.Attachment, CreateAttachment, UpdateAttachment](m)
	must(t, m.api.Validate())
	s.client = serve(t, m.api)
	return s
}

// mounter is what mounting takes.
type mounter struct {
	t      testing.TB
	reg    *registry.Registry
	db     *sqldb.DB
	access crud.Access
	clock  func() time.Time
	all    map[string]manager
	api    *rest.API
}

func mountNew[T, C, U any](m mounter) {
	m.t.Helper()
	manager, err := crud.New[T, C, U](m.reg, m.db, m.access, &crud.Options{Now: m.clock})
	must(m.t, err)
	mount(m, manager)
}

// mount lets the anonymous in: what they may do is for the rules to say.
func mount[T, C, U any](m mounter, manager *crud.Manager[T, C, U]) {
	m.t.Helper()
	m.all[manager.Model().Table] = manager
	must(m.t, rest.Mount(m.api, "/v1/"+manager.Model().Table, manager, &rest.MountOptions{Auth: rest.Optional}))
}

// load makes the tables hold the world, and nothing that a request has written.
func (s *surface) load(t testing.TB, w *permtest.World) {
	t.Helper()
	if s.world == w && !s.dirty {
		return
	}
	again := *w // a world of another address is loaded anew
	s.tables.Load(t, &again)
	s.world, s.dirty = w, false
}
