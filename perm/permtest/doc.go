// Package permtest is the permission rules of package perm as plain Go, and
// suites that prove an implementation by them: perm's own, and an app's.
//
// # An app's own models
//
// [Entities] generates random worlds out of the models of an app, and compares
// in each what the engine answers with what the rules say: whether policies,
// inherited references and Extra rules mean what they are meant to mean.
//
//	func TestPermissions(t *testing.T) {
//		permtest.Entities(t, 200, func(reg *registry.Registry) error {
//			_, errProject := registry.Add[Project](reg)
//			_, errNote := registry.Add[Note](reg)
//			return errors.Join(errProject, errNote)
//		})
//	}
//
// # The model
//
// A [World] is everything the rules look at, as slices of plain structs.
// [World.May] answers lines 0 to 16 of the page, each line a function of its
// own; [World.Check], [World.Visible], [World.Actions], [World.Explain] and
// [World.Place] are built on it. There is no SQL in the model, no index and no
// cache, and it shares no code with package perm: read it beside the page.
//
// # The suites
//
// [RunMatrix] puts the access matrix to a [Subject]: hand-written scenarios,
// at least one for each sentence of the page and each of its verdicts, named by
// rule ("line 7: Anonymous has nothing beyond Public"). [Reference] is the
// model as a subject, [Open] the engine over a database; a surface such as REST
// takes part by three methods, and by a fourth where it is an [Explainer].
//
// [Worlds] generates random worlds, loads them into real databases, and
// compares engine and model for every actor, action and row. A disagreement is
// shrunk to the smallest world that shows it.
//
//	func TestWorlds(t *testing.T) {
//		permtest.Worlds(t, 2000, openSQLite, openPostgres)
//	}
//
// # Readings
//
// Where the page leaves room, the model reads it so:
//
//   - A row that is missing is not live: a team path ends there, a role chain
//     too, a membership in it is not active, and a grant to a user who is not
//     in the users table does not count. Without a users table every user is
//     live.
//   - A deleted or missing role has no effective actions, and nothing descends
//     from or through it.
//   - A membership is disabled when disabled_at is set, whatever time it names.
//   - "Reaches with View", "in which the viewer has View", "with Share there"
//     mean the actions that one has by reach. "View on the team" and "may View
//     that team" mean the verdict on the team's row, grants included.
//   - Where several actions are needed (CreateInTeam, CreateUnder, a role's
//     effective actions) each may come from another role or rule.
//   - A change or a delete of a membership, role or grant whose actions go
//     beyond the actor's is refused already by Check, since delete has no other
//     place for it.
//   - "Share on w", for grants on w, is what Actions says of w: it needs View
//     on w too. To View a grant, Share on w is enough; only to write it must its
//     actions be among one's own.
//   - "Reaches a team below it" counts teams one or more steps below, along
//     live teams; in a cycle a team is below itself. A role is usable in its
//     team and below along live teams too: in a deleted team only roles of no
//     team are, also for Root.
//   - Lines 0 to 7 come first for the five special models too: one's own
//     membership is hidden when Root owns it, and System may write grants on
//     rows that are gone.
//   - On write a cycle is one in the table as it is, through deleted rows too.
//     One that is there already and does not hold the row is no obstacle.
//   - A role of no team takes only roles of no team as parents, since it is
//     usable everywhere. What is unusable, and what changes although it is
//     fixed, is refused to System and Root as well.
//   - The team and the role that a grant is for are references like others and
//     need View.
//   - Whether a user who is deleted or in no table may be named as a member, as
//     the target of a grant or by a reference is not said, and not asked.
//   - An explanation names the line that denies View where x itself would be
//     allowed. Who acts with a Scope asks about itself with that Scope; without
//     it, and about every other, it needs Share. Root and System need it too,
//     and have it wherever they have View.
//   - Place says no to a change without Edit, with the error of Check.
//   - The page does not say which of several reasons is told. Any is right.
//     Where it refuses without a kind (a foreign user_id, a cycle, an unusable
//     role, a fixed field) Forbidden, Invalid and Conflict are right.
package permtest
