// Package perm answers who may do what to which row, as conditions in SQL.
//
// Rows have owners, teams and grants. People have roles in teams, teams form
// trees, roles extend each other. From that, and from the policy of a model,
// perm makes one condition per question:
//
//	e, err := perm.New(reg, db, nil)
//	cond, err := e.Filter(ctx, notes, perm.Edit, "n")
//	rows, err := db.Query(ctx, squirrel.Select("n.title").From("notes n").Where(cond))
//
// The actor is the one in ctx, see [joinery.WithActor]. By default nothing about
// it is cached: whoever is taken out of a team has lost its rows with the next
// statement, on every instance.
//
// # May actor a do action x to row w?
//
// The first line that answers, answers. The code names its clauses after these
// lines.
//
//	 0  a has a Scope without x on the model: no
//	 1  a is Root: yes, deleted rows too
//	 2  w is deleted: no
//	 3  w belongs to Root: no
//	 4  a is System: yes
//	 5  the model is Private: no
//	 6  x is Public on the model: yes
//	 7  a is Anonymous: no
//	 8  the model is one of users, teams, memberships, roles, grants: by the
//	    rules of their own, and nothing else
//	 9  the model is a System model: yes for View, else no
//	10  w belongs to System: yes for View, no for Edit and Delete; to Template:
//	    yes for View, Execute and Copy, no for Edit and Delete
//	11  a owns w (and, with OwnerNeedsReach, w has no team or a reaches it): yes
//	12  a reaches w's team with a role that includes x: yes
//	13  a grant on w gives a the action x: yes
//	14  w refers by an inherit reference to a row to which a may do x: yes
//	15  a rule of the app's own holds: yes
//	16  no
//
// [Engine.Filter], [Engine.Check] and [Engine.Actions] answer "View and x".
// What may not be viewed does not exist: NotFound, by the same statements as
// for a row that is missing.
//
// # Why
//
// [Engine.Explain] tells why somebody may do something to a row, or may not:
// each line held or not, and through which membership, role, grant or row above;
// and when that ends by itself. Who may View a row may ask about itself, who may
// Share it about everyone, and is told no name of what it may not View.
//
// # Writes
//
// [Engine.Place] judges what the conditions cannot see: whether a new row, or
// new values of a row, may stand where they point to. It runs in the write's
// transaction. [Engine.PlaceCond] puts the judgement of a create into the
// insert itself. [Engine.GuardSuperadmins] keeps a team from losing the last
// member who could give others access to it.
//
// # How the SQL is made
//
// Which teams an actor reaches, and with which roles, is one recursive query
// over its own memberships. A condition has the form
//
//	the row is live and not Root's AND EXISTS (
//		WITH RECURSIVE p_held (…), p_reach (…)
//		SELECT 1 WHERE owner, team, grant, parent …)
//
// where p_reach names no column of the row, so that a database computes it once
// per statement, and a row that is found by its key is judged by a few more
// probes of indexes. Conditions are built with squirrel once per model, set of
// actions, alias and kind of actor; after that a call only fills in values.
// Every value is a parameter.
//
// For lists [Engine.Arms] takes the condition apart, into the ways to a row that
// an index each serves: crud's managers ask for it, and a page costs about the
// same however many rows the actor cannot see.
//
// With [Options].AccessCache reads take p_reach as values that were resolved
// within the last second, instead of resolving it again; see there for what
// that means. [Engine.Verify] tells which indexes a live database lacks. Without
// them everything is answered all the same, and the log is warned once for each
// model that is read, with the statements that mend it: see [Options].Log.
//
// All this holds on PostgreSQL, SQLite and MariaDB. On MariaDB, where an inner
// query of WITH sees nothing of the row that is judged, p_reach has more tables
// beside it: which rows of a tree hand an action down is found once for each
// statement, from all rows of the tree; and there are no arms, so that a list
// takes longer the more rows the actor cannot see.
//
// SQLite allows about 1,000 table names in the statements that refer to p_reach,
// and the condition on grants has a part for each model whose rows can be
// shared: some thirty-five such models at most, fewer where they inherit. A list
// whose arms would be too many for it keeps the condition whole.
package perm
