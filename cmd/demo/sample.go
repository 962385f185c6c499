package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// writeSample writes the roles, and in a database without teams, projects and
// notes the sample rows: all or none.
func (a *app) writeSample(ctx context.Context) error {
	return sqldb.InTx(ctx, a.db, func(ctx context.Context) error {
		if err := a.teams.EnsureRoles(ctx); err != nil {
			return err
		}
		for _, table := range []string{"teams", "projects", "notes"} {
			var one int64
			if found, err := sqldb.Row(ctx, a.db, sqldb.Raw("SELECT 1 FROM "+table+" LIMIT 1"), &one); found || err != nil {
				return err
			}
		}
		s := &sample{app: a}
		s.write(ctx)
		return s.err
	})
}

// sample writes rows as the accounts would over the API, under the same rules.
// After an error it writes nothing more.
type sample struct {
	*app
	err error
}

func (s *sample) write(ctx context.Context) {
	asAda, asBen, asCleo := as(ctx, ada), as(ctx, ben), as(ctx, cleo)

	observatory := s.team(asAda, teams.CreateTeam{Name: "Observatory"})
	crew := s.team(asAda, teams.CreateTeam{Name: "Telescope crew", ParentID: &observatory})
	s.member(asAda, teams.CreateMembership{TeamID: crew, MemberID: ben.id, RoleID: teams.WellKnownRoles().User})

	house := s.project(asAda, CreateProject{Name: "Open house", Description: "A night for the neighbors.", TeamID: &observatory})
	mirror := s.project(asAda, CreateProject{Name: "Mirror upgrade", Description: "A new coating for the main mirror.", TeamID: &crew})

	week := time.Now().AddDate(0, 0, 7).UTC().Truncate(time.Hour)
	s.note(asAda, CreateNote{Title: "Print the posters", Priority: 2, DueAt: &week, ProjectID: ref(house)})
	polish := s.note(asBen, CreateNote{Title: "Polish the mirror", Body: "Gloves on, phones off.", Priority: 4, DueAt: &week, ProjectID: ref(mirror)})
	s.note(asAda, CreateNote{Title: "Plan the budget", Priority: 3, TeamID: &observatory})
	s.note(asAda, CreateNote{Title: "Swap the night shifts", Priority: 1, TeamID: &crew})
	press := s.note(asAda, CreateNote{Title: "Draft the press release", Priority: 3})
	s.note(asBen, CreateNote{Title: "Learn to turn the dome"})
	s.note(asCleo, CreateNote{Title: "Rehearse the talk", Priority: 5})

	cleosID, nextYear := cleo.id, time.Now().AddDate(1, 0, 0).UTC().Truncate(24*time.Hour)
	s.share(asAda, teams.CreateGrant{Model: "notes", RowID: press, Actions: joinery.View | joinery.Edit, MemberID: &cleosID, ExpiresAt: &nextYear})
	s.comment(asAda, CreateComment{NoteID: registry.Ref[Note](polish), Text: "The new cloths are in the left drawer."})
	s.comment(asCleo, CreateComment{NoteID: registry.Ref[Note](press), Text: "May I add a quote?"})
}

// as is ctx with the account acting.
func as(ctx context.Context, a account) context.Context { return joinery.WithActor(ctx, a.actor()) }

func ref(project uuid.UUID) *registry.Ref[Project] {
	r := registry.Ref[Project](project)
	return &r
}

func (s *sample) team(ctx context.Context, in teams.CreateTeam) uuid.UUID {
	return create(ctx, s, s.teams.Teams, in).ID
}

func (s *sample) member(ctx context.Context, in teams.CreateMembership) {
	create(ctx, s, s.teams.Memberships, in)
}

func (s *sample) share(ctx context.Context, in teams.CreateGrant) {
	create(ctx, s, s.teams.Grants, in)
}

func (s *sample) project(ctx context.Context, in CreateProject) uuid.UUID {
	return create(ctx, s, s.projects, in).ID
}

func (s *sample) note(ctx context.Context, in CreateNote) uuid.UUID {
	return create(ctx, s, s.notes, in).ID
}

func (s *sample) comment(ctx context.Context, in CreateComment) {
	create(ctx, s, s.comments, in)
}

func create[T, C, U any](ctx context.Context, s *sample, m *crud.Manager[T, C, U], in C) (row T) {
	if s.err == nil {
		row, s.err = m.Create(ctx, in)
	}
	return row
}
