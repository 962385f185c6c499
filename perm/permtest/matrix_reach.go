package permtest

import "time"

// reachCases are line 12, as far as teams and memberships go.
func reachCases() []Case {
	p := row("projects", "p", inTeam("mid"))
	ann := user("ann")
	reach := func(name string, reached bool, steps ...step) Case {
		actions := fNone
		if reached {
			actions = fV | fX | fC
		}
		return Case{"line 12", name, newScene(append([]step{p}, steps...)...), ann, "projects", "p", actions}
	}
	as := func(team string, changes ...func(*Membership)) step { return member("ann", team, "user", changes...) }
	return []Case{
		reach("a membership in the row's team", true, as("mid")),
		reach("a membership in the team above", true, as("top")),
		reach("up the tree there is no way", false, as("low")),
		reach("nor sideways", false, as("side")),
		reach("nobody's membership but one's own", false, member("bob", "mid", "user")),
		reach("deep down the tree", true, moveTeam("mid", "d3"), team("d1", ""), team("d2", "d1"), team("d3", "d2"), as("d1")),
		reach("no way through a deleted team", false, team("d1", ""), team("d2", "d1"), moveTeam("mid", "d2"), deleteTeam("d2"), as("d1")),
		reach("no way through a missing team", false, moveTeam("mid", "missing"), as("top")),
		reach("a deleted team is not reached", false, deleteTeam("mid"), as("mid")),
		reach("nor from above", false, deleteTeam("mid"), as("top")),
		reach("a deleted team above the membership is no matter", true, deleteTeam("top"), as("mid")),
		reach("a membership in a deleted team gives nothing", false, deleteTeam("top"), as("top")),
		reach("a cycle of teams is harmless", true, moveTeam("top", "low"), as("low")),
		reach("a cycle of teams ends without an answer", false, moveTeam("top", "low"), as("side")),
		reach("a membership that has expired", false, as("mid", ends(-time.Hour))),
		reach("a membership expires at the instant it names", false, as("mid", ends(0))),
		reach("a membership counts until then", true, as("mid", ends(time.Microsecond))),
		reach("a disabled membership", false, as("mid", disabled)),
		reach("a deleted membership", false, as("mid", deletedMember)),
		reach("one active membership is enough", true, as("top", disabled), as("mid")),
		{"line 12", "a row without a team", newScene(row("projects", "p"), as("mid")), ann, "projects", "p", fNone},
		{"line 12", "a row in a team that is not there", newScene(row("projects", "p", inTeam("missing")), as("top")), ann, "projects", "p", fNone},
		{"line 12", "a model with nothing but a team", newScene(row("labels", "l", inTeam("low")), as("top")), ann, "labels", "l", fV | fX | fC},
	}
}

// roleCases are line 12, as far as roles go.
func roleCases() []Case {
	p := row("projects", "p", inTeam("mid"))
	with := func(name string, want actions, steps ...step) Case {
		return Case{"line 12", name, newScene(append([]step{p}, steps...)...), user("ann"), "projects", "p", want}
	}
	as := func(role string) step { return member("ann", "mid", role) }
	return []Case{
		with("the role's own actions", fV, as("viewer")),
		with("and those of its parent", fV|fX|fC|fE|fD, as("admin")),
		with("and of all above", fAll, as("superadmin")),
		with("but not of those below", fV|fX|fC, as("user")),
		with("a role without actions", fNone, as("none")),
		with("without View the rest is of no use", fNone, as("editor")),
		with("roles of two memberships add up", fV|fE, as("viewer"), member("ann", "top", "editor")),
		with("a deleted role", fNone, deleteRole("user"), as("user")),
		with("a missing role", fNone, as("missing")),
		with("a deleted role cuts the chain", fV|fS, deleteRole("admin"), role("r", fV, "", "superadmin"), as("r")),
		with("a deleted ancestor gives nothing itself", fNone, deleteRole("user"), as("admin")),
		with("a missing parent gives nothing", fV, role("r", fV, "", "missing"), as("r")),
		with("a cycle of roles is harmless", fV|fX|fC|fE|fD|fS, moveRole("user", "superadmin"), as("user")),
		with("a role of the team", fV|fD, role("r", fV|fD, "mid", ""), as("r")),
		with("on read a role of another team counts too", fV|fD, role("r", fV|fD, "side", ""), as("r")),
	}
}

// grantCases are line 13.
func grantCases() []Case {
	hour := time.Hour
	with := func(name string, want actions, steps ...step) Case {
		return Case{"line 13", name, newScene(append([]step{row("projects", "p")}, steps...)...), user("ann"), "projects", "p", want}
	}
	to := func(changes ...func(*Grant)) step { return grant("projects", "p", fV|fE, changes...) }
	got := fV | fE
	return []Case{
		with("to the user", got, to(toUser("ann"))),
		with("to another user", fNone, to(toUser("bob"))),
		with("to a team one reaches", got, to(toTeam("mid")), member("ann", "mid", "none")),
		with("to a team one reaches from above", got, to(toTeam("low")), member("ann", "top", "none")),
		with("to a team above one's own", fNone, to(toTeam("top")), member("ann", "mid", "superadmin")),
		with("to a team reached by a membership that has expired", fNone, to(toTeam("mid")), member("ann", "mid", "user", ends(0))),
		with("to a team and a role, with that role", got, to(toTeam("mid"), toRole("user")), member("ann", "mid", "user")),
		with("to a team and a role, with one that descends from it", got, to(toTeam("mid"), toRole("user")), member("ann", "mid", "superadmin")),
		with("to a team and a role, with one above it", fNone, to(toTeam("mid"), toRole("admin")), member("ann", "mid", "user")),
		with("to a team and a role, from above", got, to(toTeam("low"), toRole("user")), member("ann", "top", "user")),
		with("to a team and a role, with the role elsewhere", fNone, to(toTeam("mid"), toRole("user")), member("ann", "mid", "none"), member("ann", "side", "user")),
		with("to a role, with a membership in it anywhere", got, to(toRole("user")), member("ann", "side", "user")),
		with("to a role, with one that descends from it", got, to(toRole("user")), member("ann", "side", "superadmin")),
		with("to a role, with one above it", fNone, to(toRole("admin")), member("ann", "side", "user")),
		with("to a role, with a disabled membership", fNone, to(toRole("user")), member("ann", "side", "user", disabled)),
		with("to a role, with a membership in a deleted team", fNone, to(toRole("user")), deleteTeam("side"), member("ann", "side", "user")),
		with("a deleted role between cuts the descent", fNone, to(toRole("user")), deleteRole("admin"), member("ann", "side", "superadmin")),
		with("a grant that has expired", fNone, to(toUser("ann"), endsGrant(-hour))),
		with("a grant expires at the instant it names", fNone, to(toUser("ann"), endsGrant(0))),
		with("a grant counts until then", got, to(toUser("ann"), endsGrant(time.Microsecond))),
		with("a deleted grant", fNone, to(toUser("ann"), func(g *Grant) { g.Deleted = true })),
		with("to a user who is deleted", fNone, to(toUser("ann")), deleteUser("ann")),
		with("to a team that is deleted", fNone, to(toTeam("mid")), member("ann", "top", "user"), deleteTeam("mid")),
		with("to a role that is deleted", fNone, to(toRole("user")), member("ann", "side", "admin"), deleteRole("user")),
		with("to a team and a role that is deleted", fNone, to(toTeam("mid"), toRole("user")), member("ann", "mid", "admin"), deleteRole("user")),
		with("without View the rest is of no use", fNone, grant("projects", "p", fE|fS, toUser("ann"))),
		with("View by one grant, Share by another", fV|fS, grant("projects", "p", fV, toUser("ann")), grant("projects", "p", fS, toTeam("mid"), named("g2")), member("ann", "mid", "none")),
		with("the same grant twice", got, to(toUser("ann")), to(toUser("ann"), named("g2"))),
		with("one that counts is enough", got, to(toUser("ann"), endsGrant(-hour)), to(toUser("ann"), named("g2"))),
		with("on another row", fNone, grant("projects", "q", fAll, toUser("ann"))),
		with("on the same id in another model", fNone, grant("folders", "p", fAll, toUser("ann"))),
		{"line 13", "Anonymous has no grants", newScene(row("projects", "p"), to(toUser(""), toRole("user"))), nobody, "projects", "p", fNone},
	}
}

// inheritCases are line 14.
func inheritCases() []Case {
	chain := newScene(
		row("projects", "p", ownedBy("ann")), row("notes", "n", ref("project_id", "p")), row("comments", "c", ref("note_id", "n")),
		row("notes", "free"), row("notes", "lost", ref("project_id", "missing")),
		row("projects", "gone", ownedBy("ann"), deletedRow), row("notes", "ofgone", ref("project_id", "gone")),
		row("projects", "root", ofRoot, inTeam("mid")), row("notes", "ofroot", ref("project_id", "root")), member("ann", "mid", "superadmin"),
		row("notes", "sys", ofSystem, ref("project_id", "p")), row("comments", "ofsys", ref("note_id", "sys")),
		row("comments", "direct", ref("project_id", "p")),
		row("comments", "either", ref("project_id", "p"), ref("note_id", "free")),
		row("labels", "l", inTeam("mid")), row("comments", "labelled", ref("label_id", "l")),
		row("projects", "edit"), grant("projects", "edit", fE, toUser("ann")), row("notes", "seen", ref("project_id", "edit"), shared),
		row("notes", "unseen", ref("project_id", "edit")))
	kinds := newScene(
		row("articles", "a"), row("settings", "set"), row("secrets", "s", ownedBy("ann")),
		row("attachments", "ofa", ref("article_id", "a")), row("attachments", "ofset", ref("setting_id", "set")),
		row("attachments", "ofs", ref("secret_id", "s")), row("projects", "sys", ofSystem), row("comments", "c", ref("project_id", "sys")))
	tree := newScene(
		row("folders", "f1", ownedBy("ann")), row("folders", "f2", ref("parent_id", "f1")), row("folders", "f3", ref("parent_id", "f2")),
		row("folders", "cut", ref("parent_id", "f1"), deletedRow), row("folders", "under", ref("parent_id", "cut")),
		row("folders", "r1", ref("parent_id", "r2"), ownedBy("ann")), row("folders", "r2", ref("parent_id", "r3")), row("folders", "r3", ref("parent_id", "r1")),
		row("folders", "s1", ref("parent_id", "s2")), row("folders", "s2", ref("parent_id", "s1")), row("folders", "self", ref("parent_id", "self")),
		row("projects", "p", ownedBy("ann")), row("folders", "q1", ref("project_id", "p")), row("folders", "q2", ref("parent_id", "q1")),
		row("folders", "sys", ofSystem, ref("parent_id", "f1")), row("folders", "sysunder", ref("parent_id", "sys")),
		row("boxes", "b1", createdBy("ann")), row("boxes", "b2"), row("boxes", "b3", ref("parent_id", "b2"), ref("link_id", "b1")),
		row("boxes", "b4", ref("parent_id", "b3")), row("boxes", "b5", ref("link_id", "b5"), ref("parent_id", "b4")))
	ann := user("ann")
	return []Case{
		{"line 14", "what one may do to the row above", chain, ann, "notes", "n", fAll},
		{"line 14", "and above that", chain, ann, "comments", "c", fAll},
		{"line 14", "without a row above", chain, ann, "notes", "free", fNone},
		{"line 14", "a stranger inherits nothing", chain, user("bob"), "comments", "c", fNone},
		{"line 14", "a row above that is missing", chain, ann, "notes", "lost", fNone},
		{"line 14", "a row above that is deleted", chain, ann, "notes", "ofgone", fNone},
		{"line 14", "a row above that Root owns", chain, ann, "notes", "ofroot", fNone},
		{"line 14", "line 10 of the row itself comes first", chain, ann, "notes", "sys", fV | fX | fC | fS},
		{"line 14", "line 10 of a row above ends that way", chain, ann, "comments", "ofsys", fV | fX | fC | fS},
		{"line 14", "another reference", chain, ann, "comments", "direct", fAll},
		{"line 14", "one of two references is enough", chain, ann, "comments", "either", fAll},
		{"line 14", "a reference that is not inherited", chain, ann, "comments", "labelled", fNone},
		{"line 14", "Edit on the row above, View on the row itself", chain, ann, "notes", "seen", fV | fX | fE},
		{"line 14", "Edit on the row above without View", chain, ann, "notes", "unseen", fNone},
		{"line 14", "what is public above", kinds, user("bob"), "attachments", "ofa", fV | fC},
		{"line 14", "Anonymous inherits nothing", kinds, nobody, "attachments", "ofa", fNone},
		{"line 14", "a System model above", kinds, user("bob"), "attachments", "ofset", fV | fX},
		{"line 14", "a Private model above", kinds, ann, "attachments", "ofs", fNone},
		{"line 14", "a row above that System owns", kinds, user("bob"), "comments", "c", fV},
		{"line 14", "a tree, one step", tree, ann, "folders", "f2", fAll},
		{"line 14", "a tree, two steps", tree, ann, "folders", "f3", fAll},
		{"line 14", "a deleted ancestor ends its path", tree, ann, "folders", "under", fNone},
		{"line 14", "a cycle is harmless", tree, ann, "folders", "r2", fAll},
		{"line 14", "a cycle adds nothing", tree, ann, "folders", "s1", fNone},
		{"line 14", "nor does a row above itself", tree, ann, "folders", "self", fNone},
		{"line 14", "from a tree into another model", tree, ann, "folders", "q2", fAll},
		{"line 14", "line 10 of an ancestor ends that way", tree, ann, "folders", "sysunder", fV | fX | fC | fS},
		{"line 14", "two references of one tree", tree, ann, "boxes", "b3", fAll},
		{"line 14", "two references of one tree, further up", tree, ann, "boxes", "b5", fAll},
		{"line 14", "a tree above which nobody has anything", tree, ann, "boxes", "b2", fNone},
	}
}
