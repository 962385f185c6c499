package permtest

import "time"

// userCases are the section on users.
func userCases() []Case {
	sys := func(u *User) { u.CreatedBy = system.ID }
	byRoot := func(u *User) { u.CreatedBy = root.ID }
	with := func(name string, want actions, row string, steps ...step) Case {
		return Case{"users", name, newScene(steps...), user("ann"), "users", row, want}
	}
	return []Case{
		with("oneself View, Edit, Delete", fV|fE|fD, "ann"),
		with("strangers do not see each other", fNone, "bob"),
		with("who both reach a team in which the viewer has View", fV, "bob", member("ann", "mid", "viewer"), member("bob", "mid", "none")),
		with("without View in the team", fNone, "bob", member("ann", "mid", "editor"), member("bob", "mid", "superadmin")),
		with("both reach the team of the lower", fV, "bob", member("ann", "top", "viewer"), member("bob", "low", "none")),
		with("and so the lower sees the higher", fV, "bob", member("ann", "low", "viewer"), member("bob", "top", "none")),
		with("View higher up holds below", fV, "bob", member("ann", "top", "viewer"), member("ann", "mid", "none"), member("bob", "mid", "none")),
		with("teams apart", fNone, "bob", member("ann", "mid", "superadmin"), member("bob", "side", "superadmin")),
		with("a deleted team", fNone, "bob", member("ann", "side", "viewer"), member("bob", "side", "viewer"), deleteTeam("side")),
		with("a membership that has expired", fNone, "bob", member("ann", "mid", "viewer"), member("bob", "mid", "viewer", ends(0))),
		with("a deleted user is hidden, also from oneself", fNone, "ann", deleteUser("ann")),
		with("there are no grants on users", fNone, "bob", grant("users", "bob", fAll, toUser("ann"))),
		with("who created a user does not own it", fNone, "dan", account("dan", func(u *User) { u.CreatedBy = ID("ann") })),
		with("line 10 does not apply", fNone, "dan", account("dan", sys)),
		with("what Root owns is hidden", fNone, "dan", account("dan", byRoot), member("ann", "mid", "viewer"), member("dan", "mid", "viewer")),
		{"users", "Anonymous sees nobody", newScene(), nobody, "users", "ann", fNone},
		{"users", "System may everything", newScene(), system, "users", "ann", fAll},
		{"users", "Root may everything", newScene(deleteUser("ann")), root, "users", "ann", fAll},
	}
}

// teamCases are the section on teams.
func teamCases() []Case {
	sys := func(t *Team) { t.CreatedBy = system.ID }
	byRoot := func(t *Team) { t.CreatedBy = root.ID }
	byAnn := func(t *Team) { t.CreatedBy = ID("ann") }
	with := func(name string, want actions, row string, steps ...step) Case {
		return Case{"teams", name, newScene(steps...), user("ann"), "teams", row, want}
	}
	return []Case{
		with("reach with a role that has the action", fV|fX|fC, "mid", member("ann", "mid", "user")),
		with("reach from above", fAll, "low", member("ann", "top", "superadmin")),
		with("a team above one's own", fNone, "top", member("ann", "mid", "superadmin")),
		with("a stranger", fNone, "mid"),
		with("without View", fNone, "mid", member("ann", "mid", "editor")),
		with("a grant", fV|fD, "mid", grant("teams", "mid", fV|fD, toUser("ann"))),
		with("a grant does not reach down", fNone, "low", grant("teams", "mid", fAll, toUser("ann"))),
		with("reach and grant", fV|fS, "mid", grant("teams", "mid", fS, toUser("ann")), member("ann", "top", "viewer")),
		with("who created a team does not own it", fNone, "new", team("new", "", byAnn)),
		with("line 10 does not apply", fNone, "new", team("new", "", sys)),
		with("nor does it take Edit away", fAll, "new", team("new", "", sys), member("ann", "new", "superadmin")),
		with("what Root owns is hidden", fNone, "new", team("new", "", byRoot), member("ann", "new", "superadmin")),
		with("a deleted team", fNone, "mid", deleteTeam("mid"), member("ann", "mid", "superadmin")),
		{"teams", "Anonymous", newScene(), nobody, "teams", "mid", fNone},
		{"teams", "System", newScene(), system, "teams", "mid", fAll},
		{"teams", "Root, deleted too", newScene(deleteTeam("mid")), root, "teams", "mid", fAll},
	}
}

// membershipCases are the section on memberships.
func membershipCases() []Case {
	sys := func(m *Membership) { m.CreatedBy = system.ID }
	byRoot := func(m *Membership) { m.CreatedBy = root.ID }
	with := func(name string, want actions, row string, steps ...step) Case {
		return Case{"memberships", name, newScene(steps...), user("ann"), "memberships", row, want}
	}
	as := func(role string) step { return member("ann", "mid", role) }
	bob := func(role string, changes ...func(*Membership)) step { return member("bob", "mid", role, changes...) }
	return []Case{
		with("one's own View, and Delete", fV|fD, "ann.mid", as("none")),
		with("one's own, expired", fV|fD, "ann.mid", member("ann", "mid", "user", ends(-time.Hour))),
		with("one's own, disabled", fV|fD, "ann.mid", member("ann", "mid", "user", disabled)),
		with("one's own in a deleted team", fV|fD, "ann.mid", as("user"), deleteTeam("mid")),
		with("one's own, deleted", fNone, "ann.mid", member("ann", "mid", "user", deletedMember)),
		with("one's own, with Edit by reach", fV|fE|fD, "ann.mid", as("admin")),
		with("others with View on the team", fV, "bob.mid", as("viewer"), bob("none")),
		with("others without View on the team", fNone, "bob.mid", as("editor"), bob("none")),
		with("a stranger", fNone, "bob.mid", bob("none")),
		with("View on the team by grant", fV, "bob.mid", grant("teams", "mid", fV, toUser("ann")), bob("none")),
		with("Edit on the team by grant is not enough", fV, "bob.mid", grant("teams", "mid", fAll, toUser("ann")), bob("none")),
		with("Edit by reach", fV|fE|fD, "bob.mid", as("admin"), bob("user")),
		with("Edit by reach from above", fV|fE|fD, "bob.mid", member("ann", "top", "admin"), bob("user")),
		with("a role like one's own", fV|fE|fD, "bob.mid", as("admin"), bob("admin")),
		with("a role beyond one's own", fV, "bob.mid", as("admin"), bob("superadmin")),
		with("a role within the roles by all paths together", fV|fE|fD, "bob.mid", as("admin"), member("ann", "top", "sharer"), bob("superadmin")),
		with("Edit alone is enough", fV|fE|fD, "bob.mid", as("viewer"), member("ann", "top", "editor"), bob("none")),
		with("Delete is not Edit", fV, "bob.mid", role("remover", fV|fD, "", ""), as("remover"), bob("none")),
		with("Edit without what the role gives", fV, "bob.mid", member("ann", "mid", "viewer"), member("ann", "top", "editor"), bob("user")),
		with("a deleted role gives nothing", fV|fE|fD, "bob.mid", as("admin"), role("r", fAll, "", "", func(r *Role) { r.Deleted = true }), bob("r")),
		with("line 10 does not apply", fV|fE|fD, "bob.mid", as("admin"), bob("user", sys)),
		with("what Root owns is hidden, also one's own", fNone, "ann.mid", member("ann", "mid", "admin", byRoot)),
		with("a membership in a deleted team", fNone, "bob.mid", member("ann", "top", "superadmin"), bob("user"), deleteTeam("mid")),
		{"memberships", "Anonymous", newScene(bob("user")), nobody, "memberships", "bob.mid", fNone},
		{"memberships", "System", newScene(bob("user")), system, "memberships", "bob.mid", fAll},
		{"memberships", "Root", newScene(bob("user", deletedMember)), root, "memberships", "bob.mid", fAll},
	}
}

// teamRoleCases are the section on roles.
func teamRoleCases() []Case {
	with := func(name string, want actions, row string, steps ...step) Case {
		return Case{"roles", name, newScene(steps...), user("ann"), "roles", row, want}
	}
	as := func(team, role string) step { return member("ann", team, role) }
	r := func(actions actions, parent string) step { return role("r", actions, "mid", parent) }
	return []Case{
		with("of no team, by all signed-in", fV, "superadmin"),
		with("of no team, also with all actions", fV, "user", as("top", "superadmin")),
		with("of a team, with View on it", fV, "r", r(fV, ""), as("mid", "viewer")),
		with("of a team, by a stranger", fNone, "r", r(fV, "")),
		with("of a team, with View on it by grant", fV, "r", r(fV, ""), grant("teams", "mid", fV, toUser("ann"))),
		with("of a team, who reaches it without View", fNone, "r", role("r", fV, "low", ""), as("low", "editor")),
		with("of a team, who reaches a team below", fV, "r", r(fV, ""), as("low", "none")),
		with("of a team that is deleted, who reaches a team below", fNone, "r", r(fV, ""), as("low", "none"), deleteTeam("mid")),
		with("of a team, who reaches one below a deleted one", fNone, "r", role("r", fV, "top", ""), as("low", "none"), deleteTeam("mid")),
		with("of a team, who reaches one below that is deleted", fNone, "r", r(fV, ""), as("low", "none"), deleteTeam("low")),
		with("written with Share there", fV|fE|fD, "r", r(fV, ""), as("mid", "superadmin")),
		with("written with Share there, from above", fV|fE|fD, "r", r(fAll, ""), as("top", "superadmin")),
		with("without Share", fV, "r", r(fV, ""), as("mid", "admin")),
		with("actions beyond one's own", fV, "r", r(fV|fE, ""), as("mid", "sharer"), as("top", "viewer")),
		with("effective actions beyond one's own", fV, "r", r(fV, "admin"), as("mid", "sharer"), as("top", "viewer")),
		with("effective actions within one's own", fV|fE|fD, "r", r(fV, "viewer"), as("mid", "sharer"), as("top", "viewer")),
		with("Share on the team by grant is not enough", fV, "r", r(fNone, ""), grant("teams", "mid", fAll, toUser("ann"))),
		with("a deleted role", fNone, "user", deleteRole("user")),
		with("who created a role does not own it", fNone, "r", role("r", fV, "mid", "", func(r *Role) { r.CreatedBy = ID("ann") })),
		with("line 10 does not apply", fNone, "r", role("r", fV, "mid", "", func(r *Role) { r.CreatedBy = system.ID })),
		with("what Root owns is hidden", fNone, "r", role("r", fV, "", "", func(r *Role) { r.CreatedBy = root.ID })),
		with("there are no grants on roles", fNone, "r", r(fV, ""), grant("roles", "r", fAll, toUser("ann"))),
		{"roles", "Anonymous", newScene(), nobody, "roles", "user", fNone},
		{"roles", "System writes those of no team", newScene(), system, "roles", "user", fAll},
		{"roles", "Root, deleted too", newScene(deleteRole("user")), root, "roles", "user", fAll},
	}
}

// grantRowCases are the section on grants.
func grantRowCases() []Case {
	with := func(name string, want actions, steps ...step) Case {
		return Case{"grants", name, newScene(steps...), user("ann"), "grants", "g", want}
	}
	p := func(changes ...func(*Row)) step { return row("projects", "p", changes...) }
	bob := func(actions actions, changes ...func(*Grant)) step {
		return grant("projects", "p", actions, append(changes, toUser("bob"))...)
	}
	mine := func(actions actions) step { return grant("projects", "p", actions, toUser("ann"), named("mine")) }
	byRoot := func(g *Grant) { g.CreatedBy = root.ID }
	sys := func(g *Grant) { g.CreatedBy = system.ID }
	return []Case{
		with("the owner of the row", fV|fE|fD, p(ownedBy("ann")), bob(fAll)),
		with("Share on the row and all of the grant's actions", fV|fE|fD, p(), bob(fV|fE), mine(fV|fE|fS)),
		with("actions beyond one's own", fV, p(), bob(fV|fD), mine(fV|fE|fS)),
		with("without Share on the row", fNone, p(), bob(fV), mine(fAll&^fS)),
		with("Share on a row one does not see", fNone, p(), bob(fS), mine(fS)),
		with("who has a grant does not see it for that", fNone, p(), grant("projects", "p", fV, toUser("ann"))),
		with("a stranger", fNone, p(), bob(fV)),
		with("a grant that has expired is there still", fV|fE|fD, p(ownedBy("ann")), bob(fV, endsGrant(-time.Hour))),
		with("a deleted grant", fNone, p(ownedBy("ann")), bob(fV, func(g *Grant) { g.Deleted = true })),
		with("on a row that is deleted", fNone, p(ownedBy("ann"), deletedRow), bob(fV)),
		with("on a row that is missing", fNone, bob(fV)),
		with("on a row with public Share", fV|fE|fD, row("polls", "poll"), grant("polls", "poll", fV|fE, toUser("bob"))),
		with("on a row with public Share, but not all of the actions", fV, row("polls", "poll"), grant("polls", "poll", fC, toUser("bob"))),
		with("on a row that inherits Share", fV|fE|fD, p(ownedBy("ann")), row("notes", "n", ref("project_id", "p")), grant("notes", "n", fAll, toUser("bob"))),
		with("on a team, with Share there", fV|fE|fD, member("ann", "mid", "superadmin"), grant("teams", "mid", fV, toUser("bob"))),
		with("on a team, without", fNone, member("ann", "mid", "admin"), grant("teams", "mid", fV, toUser("bob"))),
		with("who created a grant does not own it", fNone, p(), bob(fV, func(g *Grant) { g.CreatedBy = ID("ann") })),
		with("line 10 does not apply", fV|fE|fD, p(ownedBy("ann")), bob(fV, sys)),
		with("what Root owns is hidden", fNone, p(ownedBy("ann")), bob(fV, byRoot)),
		{"grants", "Anonymous, not even with public Share", newScene(row("polls", "poll"), grant("polls", "poll", fV, toUser("bob"))), nobody, "grants", "g", fNone},
		{"grants", "System, also on a missing row", newScene(bob(fV)), system, "grants", "g", fAll},
		{"grants", "Root, also on a deleted row", newScene(p(deletedRow), bob(fV)), root, "grants", "g", fAll},
	}
}
