package dataset

// The numbers of users and teams are the same for every size.
const (
	Users = 1000 // the first of them are the callers
	roots = 10
	mids  = 40

	oldTeam = 200 // a leaf
	// ProjectTeam has all projects and nothing else.
	ProjectTeam = 201
)

// Role is one of the three roles that every app starts with.
type Role int

// The roles; each may do what the one before it may.
const (
	User       Role = iota // view, execute, copy
	Admin                  // and edit, delete
	Superadmin             // and share
)

// Team is one row of the table teams.
type Team struct {
	Number int
	Parent int // 0: none
}

// State is whether a membership counts.
type State int

// The states of memberships and grants.
const (
	Active State = iota
	Expired
	Disabled
)

// Member is one row of the table memberships.
type Member struct {
	Team, User int
	Role       Role
	State      State
}

// teams are 10 roots, 40 below them, 150 below these, and the one of the
// projects.
func (d *Data) teams() {
	for i := 1; i <= ProjectTeam; i++ {
		t := Team{Number: i}
		switch {
		case i <= roots || i == ProjectTeam:
		case i <= roots+mids:
			t.Parent = 1 + (i-roots-1)%roots
		default:
			t.Parent = roots + 1 + (i-roots-mids-1)%mids
		}
		d.Teams = append(d.Teams, t)
	}
}

// members are those of the callers, then one to three of every other user, each
// in one leaf, and some in a team with others below it.
func (d *Data) members() {
	seen := map[[2]int]bool{}
	add := func(team, user int, role Role, state State) {
		if key := [2]int{team, user}; !seen[key] {
			seen[key] = true
			d.Members = append(d.Members, Member{team, user, role, state})
		}
	}
	callerMembers(add)
	cycle := [...]Role{User, Admin, User, Superadmin}
	for i := 9; i <= Users; i++ {
		for k := 1; k <= 1+i%3; k++ {
			add(51+(i*7+k*31)%149, i, cycle[(i+k)%4], Active)
		}
		if i%10 == 0 {
			add(11+i%mids, i, User, Active)
		}
	}
}
