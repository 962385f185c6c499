package perm

// lineTexts are the lines of the rules as sentences that are true where the
// line is held. They name nothing of the database.
var lineTexts = [...]string{
	0:  "the actor has a scope, which does not list the action for this model",
	1:  "the actor is Root, who may do everything",
	2:  "the row is deleted",
	3:  "the row belongs to Root",
	4:  "the actor is System, who may do everything to rows that are live and not Root's",
	5:  "the model is private",
	6:  "everyone may do this to rows of the model",
	7:  "the actor is anonymous",
	8:  "the model is one of users, teams, memberships, roles and grants, which have rules of their own",
	9:  "the model is the system's: everyone signed in may view its rows, and nothing else",
	10: "the row belongs to System or is a template: everyone signed in may view the one, and view, execute and copy the other, and nobody may edit or delete either",
	11: "the actor owns the row",
	12: "a role in the row's team, or in a team above it, includes the action",
	13: "a grant on the row includes the action",
	14: "the row inherits from a row to which the actor may do this",
	15: "a rule of the app gives the action",
	16: "no rule gives the action",
}

// partTexts are the rules of a model of line 8, in the order of
// [compiler.specialRules].
func (x *explaining) partTexts(r rowAsked) []string {
	switch r.m {
	case x.e.bound.teams:
		return []string{
			"a role in the team, or in a team above it, includes the action",
			"a grant on the team includes the action",
		}
	case x.e.bound.memberships:
		return []string{
			"it is the actor's own membership, to view and to delete",
			"the actor may view the team of the membership, and so view the membership",
			"a role of the actor in the team includes edit, and its roles there include all that the membership's role gives: to edit and to delete",
		}
	case x.e.bound.roles:
		return []string{
			"the role is of no team: everyone signed in may view it",
			"the actor may view the team of the role, and so view the role",
			"the actor reaches a team below that of the role, and so may view the role",
			"a role of the actor in the team includes share, and its roles there include all that this role gives: to edit and to delete",
		}
	case x.e.bound.grants:
		if r.x == View {
			return []string{"the actor may share the row that the grant is on, and so view the grant"}
		}
		return []string{"the actor may share the row that the grant is on, and do to it all that the grant gives: to edit and to delete"}
	}
	return []string{
		"the user is the actor itself: to view, edit and delete",
		"the user reaches a team in which the actor has view, and so the actor may view the user",
	}
}
