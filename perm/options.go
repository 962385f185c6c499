package perm

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// Options are the settings of an [Engine]. Nil and the zero value mean the
// defaults.
type Options struct {
	// IDs are the three users that stand for no person. The zero value:
	// [joinery.WellKnownIDs]. Otherwise all three must be set and differ.
	IDs joinery.WellKnown

	// Now is the clock by which memberships and grants expire; its time is
	// bound into every statement. Nil: time.Now.
	Now func() time.Time

	// Users is the table whose rows are the users: an app's own, or that of
	// package authn/accounts. It must be a model of the registry when the
	// engine is first used. Empty: user ids are plain uuids, and no table is
	// judged by the rules for users.
	Users string

	// Log is told, once for each model that is read, which indexes the database
	// lacks; see [Engine.Verify]. Nil: slog.Default.
	Log *slog.Logger

	// AccessCache keeps what an actor reaches for at most one second by Now,
	// and never past the expiry of a membership in it, so that reads need not
	// resolve it in each statement. It answers Filter and Check for View, and
	// Actions, outside transactions; what guards a write (every other action,
	// Place, PlaceCond) is always judged by the present state.
	//
	// A change of teams, roles, memberships or grants that a feed tells of,
	// see [Engine.Hear], drops everything; while no feed is heard the cache is
	// unused. A change that no feed tells of, such as one by SQL of the app's
	// own or on another instance, takes effect within the second. Memory is
	// bounded: some 10 MB, and actors that reach more than 1,000 teams and
	// roles are not kept. Off by default.
	AccessCache bool
}

// settings are the options with their defaults filled in.
func (o *Options) settings() (Options, error) {
	var s Options
	if o != nil {
		s = *o
	}
	s.IDs = s.IDs.OrDefault()
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	distinct := s.IDs.Root != s.IDs.System && s.IDs.System != s.IDs.Template && s.IDs.Root != s.IDs.Template
	if s.IDs.Contains(uuid.Nil) || !distinct {
		return s, fmt.Errorf("perm: Options.IDs must name three different users, none of them the nil uuid: %v", s.IDs)
	}
	switch s.Users {
	case TeamsTable, RolesTable, MembershipsTable, GrantsTable:
		return s, fmt.Errorf("perm: Options.Users cannot be %q, which perm keeps its rules in", s.Users)
	}
	return s, nil
}
