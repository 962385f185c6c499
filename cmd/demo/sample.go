package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/seed"
)

// writeSample writes the roles and the sample rows, at each start: those that
// are missing. What somebody has changed or deleted stays so.
func (a *app) writeSample(ctx context.Context, log *slog.Logger) (*seed.Report, error) {
	s, err := seed.New(a.db, a.reg, &seed.Options{Logger: log})
	if err == nil {
		err = a.teams.EnsureRoles(joinery.WithActor(ctx, joinery.SystemActor()))
	}
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, a.sample()...)
}

// sample is the sample rows. They pass the managers, so that what the layers
// above hear and check is as if the accounts had sent them.
func (a *app) sample() []*seed.Seed {
	return []*seed.Seed{
		seed.For(sampleTeams, seed.Key("name"), seed.Owner(ada.id), seed.Through(a.teams.Teams)),
		seed.For(sampleMembers, seed.Key("team_id", "member_id"), seed.Owner(ada.id), seed.Through(a.teams.Memberships)),
		seed.For(sampleProjects, seed.Key("name"), seed.Owner(ada.id), seed.Through(a.projects)),
		seed.For(sampleNotes, seed.Key("title"), seed.Through(a.notes), seed.Hooks(dueInAWeek())),
		seed.For(sampleGrants, seed.Key("row_id", "member_id"), seed.Owner(ada.id), seed.Through(a.teams.Grants), seed.Hooks(forAYear())),
		seed.For(sampleComments, seed.Key("text"), seed.Through(a.comments)),
	}
}

func sampleTeams(ctx context.Context) ([]perm.Team, error) {
	return []perm.Team{
		{Name: "Observatory"},
		{Name: "Telescope crew", ParentID: team(ctx, "Observatory")},
	}, nil
}

// sampleMembers are those who are in a team besides its owner.
func sampleMembers(ctx context.Context) ([]perm.Membership, error) {
	return []perm.Membership{
		{TeamID: *team(ctx, "Telescope crew"), MemberID: ben.id, RoleID: teams.WellKnownRoles().User},
	}, nil
}

func sampleProjects(ctx context.Context) ([]Project, error) {
	return []Project{
		{Name: "Open house", Description: "A night for the neighbors.", InTeam: in(ctx, "Observatory")},
		{Name: "Mirror upgrade", Description: "A new coating for the main mirror.", InTeam: in(ctx, "Telescope crew")},
	}, nil
}

func sampleNotes(ctx context.Context) ([]Note, error) {
	project := func(name string) *registry.Ref[Project] { return new(seed.RefOf[Project](ctx, "name", name)) }
	notes := []Note{
		{Owned: of(ada), Title: "Print the posters", Priority: 2, ProjectID: project("Open house")},
		{Owned: of(ben), Title: "Polish the mirror", Body: "Gloves on, phones off.", Priority: 4, ProjectID: project("Mirror upgrade")},
		{Owned: of(ada), Title: "Plan the budget", Priority: 3, InTeam: in(ctx, "Observatory")},
		{Owned: of(ada), Title: "Swap the night shifts", Priority: 1, InTeam: in(ctx, "Telescope crew")},
		{Owned: of(ada), Title: "Draft the press release", Priority: 3},
		{Owned: of(ben), Title: "Learn to turn the dome"},
		{Owned: of(cleo), Title: "Rehearse the talk", Priority: 5},
	}
	for i := range notes {
		notes[i].CreatedByID = notes[i].UserID
	}
	return notes, nil
}

func sampleGrants(ctx context.Context) ([]perm.Grant, error) {
	return []perm.Grant{{
		Model: "notes", RowID: seed.Ref(ctx, "notes", "title", "Draft the press release"),
		Actions: joinery.View | joinery.Edit, MemberID: new(cleo.id),
	}}, nil
}

func sampleComments(ctx context.Context) ([]Comment, error) {
	on := func(by account, title, text string) Comment {
		return Comment{Entity: crud.Entity{CreatedByID: &by.id}, NoteID: seed.RefOf[Note](ctx, "title", title), Text: text}
	}
	return []Comment{
		on(ada, "Polish the mirror", "The new cloths are in the left drawer."),
		on(cleo, "Draft the press release", "May I add a quote?"),
	}, nil
}

func team(ctx context.Context, name string) *uuid.UUID {
	return new(seed.Ref(ctx, "teams", "name", name))
}

func in(ctx context.Context, name string) crud.InTeam { return crud.InTeam{TeamID: team(ctx, name)} }

func of(a account) crud.Owned { return crud.Owned{UserID: &a.id} }

// dueInAWeek sets the time of the notes in projects when they are first
// written. The seed itself says nothing of it: each start would say another.
func dueInAWeek() *hook.Point[seed.Event[Note]] {
	return onInsert(func(n *Note) {
		if n.ProjectID != nil {
			n.DueAt = new(time.Now().AddDate(0, 0, 7).UTC().Truncate(time.Hour))
		}
	})
}

func forAYear() *hook.Point[seed.Event[perm.Grant]] {
	return onInsert(func(g *perm.Grant) {
		g.ExpiresAt = new(time.Now().AddDate(1, 0, 0).UTC().Truncate(24 * time.Hour))
	})
}

// onInsert is hooks that change rows before they are inserted.
func onInsert[T any](change func(row *T)) *hook.Point[seed.Event[T]] {
	point := &hook.Point[seed.Event[T]]{}
	point.Before(func(_ context.Context, e *seed.Event[T]) error {
		if e.Action == seed.Insert {
			change(&e.Row)
		}
		return nil
	})
	return point
}
