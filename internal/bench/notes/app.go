package notes

import (
	"context"
	"errors"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// App is the managers over one database, wired as a user of the toolkit would.
type App struct {
	DB       *sqldb.DB
	Registry *registry.Registry
	Engine   *perm.Engine
	Teams    *teams.Managers
	Notes    *crud.Manager[Note, CreateNote, UpdateNote]
	Projects *crud.Manager[Project, CreateProject, UpdateProject]
	Tasks    *crud.Manager[Task, CreateTask, UpdateTask]
}

// New wires the managers. It runs no statement.
func New(db *sqldb.DB) (*App, error) {
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	if err != nil {
		return nil, err
	}
	a := &App{DB: db, Registry: reg, Engine: engine}
	var errs [4]error
	a.Teams, errs[0] = teams.New(reg, db, engine, nil)
	a.Notes, errs[1] = crud.New[Note, CreateNote, UpdateNote](reg, db, engine, nil)
	a.Projects, errs[2] = crud.New[Project, CreateProject, UpdateProject](reg, db, engine, nil)
	a.Tasks, errs[3] = crud.New[Task, CreateTask, UpdateTask](reg, db, engine, nil)
	return a, errors.Join(append(errs[:], reg.Validate())...)
}

// EnsureRoles writes the roles that memberships and grants name.
func (a *App) EnsureRoles(ctx context.Context) error { return a.Teams.EnsureRoles(ctx) }
