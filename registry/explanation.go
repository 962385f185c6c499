package registry

import (
	"time"

	"github.com/google/uuid"
)

// Explanation is why an actor may do one action to one row, or may not: the
// lines of the permission rules (0 to 16, see package perm), as far as they
// were asked, and through what each of them holds.
//
// It is written for somebody in particular. What that asker may not View, be it
// a team, a role, a membership, a grant or another row, stands in it without id
// and name, and Redacted is set there.
type Explanation struct {
	Model   string    `json:"model" doc:"Table name of the row's model." example:"notes"`
	ID      uuid.UUID `json:"id,omitzero" doc:"The row."`
	Action  string    `json:"action" doc:"The action asked for." example:"edit"`
	Allowed bool      `json:"allowed" doc:"Whether the actor may do it."`

	// Rule is the number of the line that answered. Where the action itself
	// were allowed, but the row may not be viewed, it is the line that denied
	// View: see View. Where Redacted is set it is 0 and means nothing.
	Rule   int    `json:"rule" doc:"Number of the line of the permission rules that answered." example:"12"`
	Reason string `json:"reason" doc:"The answer as a sentence."`

	// Until is the instant at which Allowed ends if nothing is written before:
	// nil where nothing that it rests on expires, and where it is false. Only
	// the outermost explanation has it.
	Until *time.Time `json:"until,omitzero" doc:"When the permission ends by itself; absent: never, or there is none."`

	// Rules are the lines in order, up to the one that answered; where that is
	// one of 11 to 15, also the rest of those, as further ways by which the
	// actor may do it.
	Rules []ExplainedRule `json:"rules,omitzero" doc:"The rules in order, up to the one that answered."`

	// View explains why the actor may not View the row, without which it may
	// do nothing to it. Nil where it may, and where Action is View.
	View *Explanation `json:"view,omitzero" doc:"Why the actor may not view the row; absent: it may."`

	// Redacted and Cut say why there is less than there could be: because of
	// who asks, and because of size.
	Redacted bool `json:"redacted,omitzero" doc:"The asker may not view this row: its id and rules are left out."`
	Cut      bool `json:"cut,omitzero" doc:"The rules are left out: they stand elsewhere in the answer, or it grew too long."`
}

// ExplainedRule is one line of the permission rules, asked for one action to
// one row.
type ExplainedRule struct {
	Rule   int    `json:"rule" doc:"Number of the line." example:"12"`
	Held   bool   `json:"held" doc:"Whether the line applies to the row, and so answers unless one before it did."`
	Answer string `json:"answer,omitzero" doc:"What the line answers where it is held: yes or no." example:"yes"`
	Text   string `json:"text" doc:"The line as a sentence." example:"a role in the row's team, or in a team above it, includes the action"`

	// Paths are through what the line is held: for line 12 a membership each,
	// for line 13 a grant, for line 14 a row above, for line 15 a rule of the
	// app. Empty where nothing but the row and the actor decide.
	Paths []ExplainedPath `json:"paths,omitzero" doc:"Through what the line is held."`

	// Parts are the rules that line 8 refers to, those for users, teams,
	// memberships, roles and grants. Their Rule is 8.
	Parts []ExplainedRule `json:"parts,omitzero" doc:"The rules that line 8 refers to."`

	// Cut says that Paths is not all.
	Cut bool `json:"cut,omitzero" doc:"There are more paths than are listed."`
}

// ExplainedPath is one thing through which a line is held, with the membership
// that leads to it where one does.
type ExplainedPath struct {
	Membership *ExplainedLink  `json:"membership,omitzero" doc:"The membership that leads there."`
	Teams      []ExplainedLink `json:"teams,omitzero" doc:"From the membership's team down to the team of the row, or of the grant."`
	Role       *ExplainedLink  `json:"role,omitzero" doc:"The membership's role."`

	// By is the role above Role that contributes: that has the action by
	// itself, or that the grant names. Nil where it is Role itself.
	By *ExplainedLink `json:"by,omitzero" doc:"The role above it that has the action, or that the grant is for; absent: the role itself."`

	// Grant is that which line 13 goes by; nil for the other lines.
	Grant *ExplainedGrant `json:"grant,omitzero" doc:"The grant on the row."`

	// Column and Row are the step that line 14 takes to a row above.
	Column string       `json:"column,omitzero" doc:"The reference through which the row inherits." example:"project_id"`
	Row    *Explanation `json:"row,omitzero" doc:"The row that the rule goes on to, with its own explanation."`

	// Extra is the rule of the app that line 15 goes by.
	Extra string `json:"extra,omitzero" doc:"Name of the app's own rule."`
	Cut   bool   `json:"cut,omitzero" doc:"Some teams between the first and the last are left out."`
}

// ExplainedGrant is a grant through which a line is held. The grant of a group
// comes with the membership that lasts longest of those that lead to it.
type ExplainedGrant struct {
	ExplainedLink
	To   string         `json:"to" doc:"Whom the grant is for: user, team, team_role or role." example:"team"`
	Team *ExplainedLink `json:"team,omitzero" doc:"The team that it is for."`
	Role *ExplainedLink `json:"role,omitzero" doc:"The role that it is for."`
}

// ExplainedLink names a row that a path leads over.
type ExplainedLink struct {
	ID        uuid.UUID  `json:"id,omitzero" doc:"The row."`
	Name      string     `json:"name,omitzero" doc:"Its name, where it has one."`
	ExpiresAt *time.Time `json:"expires_at,omitzero" doc:"When it ends by itself; absent: never."`
	Redacted  bool       `json:"redacted,omitzero" doc:"The asker may not view it: id and name are left out."`
}
