package perm

import (
	"fmt"
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
