package dataset

import "github.com/google/uuid"

// Caller is a user whose lists are measured. Its number is that of the user.
type Caller int

// The callers. A mean over users hides those for whom a form of the statement
// is a disaster, so each sees another part of the rows.
const (
	Few     Caller = 1 + iota // 5 rows in all
	FewOld                    // 20, the oldest ones
	None                      // nothing
	Mid                       // the rows of two leaf teams, and some own
	Many                      // the rows of a third of all teams
	All                       // the rows of every team
	OldTeam                   // the rows of one team, all of them old
	Grants                    // no team, very many grants
)

// The callers of the second data set, by the projects they see.
const (
	OneProject Caller = Users + 1 + iota
	FiftyProjects
	TwoHundredProjects
	AllProjects
)

// Callers are those of the notes.
func Callers() []Caller { return []Caller{Few, FewOld, None, Mid, Many, All, OldTeam, Grants} }

// ProjectCallers are those of the tasks.
func ProjectCallers() []Caller {
	return []Caller{OneProject, FiftyProjects, TwoHundredProjects, AllProjects}
}

// ID is the caller's user id.
func (c Caller) ID() uuid.UUID { return UserID(int(c)) }

// String is the caller's name in the specification and in the table.
func (c Caller) String() string {
	return map[Caller]string{
		Few: "few", FewOld: "fewold", None: "none", Mid: "mid", Many: "many", All: "all", OldTeam: "oldteam", Grants: "grants",
		OneProject: "1 project", FiftyProjects: "50 projects", TwoHundredProjects: "200 projects", AllProjects: "10k projects",
	}[c]
}

// ownedByFewOld is how many of the oldest rows belong to FewOld.
const ownedByFewOld = 20

// MidTeam is a team in which [Mid] may edit and create.
const MidTeam = 60

// callerMembers are the memberships of the callers.
func callerMembers(add func(team, user int, role Role, state State)) {
	add(61, int(None), Admin, Expired)
	add(62, int(None), Admin, Disabled)
	add(MidTeam, int(Mid), Admin, Active)
	add(90, int(Mid), User, Active)
	for _, team := range []int{1, 2, 3, 14} { // 61 teams and those below 14
		add(team, int(Many), User, Active)
	}
	for team := 1; team <= roots; team++ {
		add(team, int(All), Superadmin, Active)
	}
	add(oldTeam, int(OldTeam), User, Active)
	add(ProjectTeam, int(AllProjects), User, Active)
}
