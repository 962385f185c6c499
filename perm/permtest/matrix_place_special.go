package permtest

import (
	"time"

	"github.com/joinery-go/joinery"
)

// adds is the placement of a new row of a special model.
func adds(rule, name string, a joinery.Actor, want *Refusal, r Record, steps ...step) Placement {
	return Placement{rule, name, newScene(steps...), Move{Actor: a, New: r}, want, nil}
}

// turns is the placement of a row of a special model, changed.
func turns[R Record](rule, name string, a joinery.Actor, want *Refusal, id string, change func(*R), steps ...step) Placement {
	w := newScene(steps...)
	var table R
	old, _ := w.Find(table.Table(), ID(id))
	new := old.(R)
	change(&new)
	return Placement{rule, name, w, Move{Actor: a, Old: old, New: new}, want, nil}
}

func fresh(a joinery.Actor) Head { return Head{ID: ID("new"), CreatedBy: a.ID} }

// teamPlacements are users and teams.
func teamPlacements() []Placement {
	ann := user("ann")
	as := func(team, role string) step { return member("ann", team, role) }
	add := func(name string, a joinery.Actor, want *Refusal, parent string, steps ...step) Placement {
		return adds("teams", name, a, want, Team{Head: fresh(a), Parent: ID(parent)}, steps...)
	}
	move := func(name string, a joinery.Actor, want *Refusal, team, parent string, steps ...step) Placement {
		return turns("teams", name, a, want, team, func(t *Team) { t.Parent = ID(parent) }, steps...)
	}
	return []Placement{
		adds("users", "are not created by users", ann, toForbid(), User{fresh(ann)}),
		adds("users", "are created by System", system, nil, User{fresh(system)}),
		adds("users", "are not created by Anonymous", nobody, toSignIn(), User{fresh(nobody)}),
		turns("users", "change themselves", ann, nil, "ann", func(*User) {}),
		turns("users", "do not change others", ann, toHide(), "bob", func(*User) {}),
		turns("users", "do not change others they see", ann, toForbid(), "bob", func(*User) {}, as("mid", "superadmin"), member("bob", "mid", "none")),
		add("anybody signed in makes one", ann, nil, ""),
		add("Anonymous does not", nobody, toSignIn(), ""),
		add("a scope without Edit on teams", scoped(ann, scope{"teams": fV}), toForbid(), ""),
		add("a child team needs Edit in the parent", ann, nil, "mid", as("mid", "admin")),
		add("a child team, from above", ann, nil, "low", as("top", "admin")),
		add("a child team with View only", ann, toForbid(), "mid", as("mid", "user")),
		add("a child team of a hidden one", ann, toInvalid("/parent_id"), "mid"),
		add("a child team of a deleted one", ann, toInvalid("/parent_id"), "mid", as("mid", "admin"), deleteTeam("mid")),
		add("a child team by grant", ann, toForbid(), "mid", grant("teams", "mid", fAll, toUser("ann"))),
		add("a child team by System", system, nil, "mid"),
		move("to another parent", ann, nil, "mid", "side", as("top", "admin"), as("side", "admin")),
		move("to another parent without Delete", ann, toForbid(), "mid", "side", as("top", "viewer"), as("mid", "editor"), as("side", "admin")),
		move("without Edit", ann, toForbid(), "mid", "side", as("top", "viewer"), as("side", "admin")),
		move("to a hidden parent", ann, toInvalid("/parent_id"), "mid", "side", as("top", "admin")),
		move("to a parent without CreateInTeam", ann, toForbid(), "mid", "side", as("top", "admin"), as("side", "user")),
		move("to the top", ann, nil, "mid", "", as("top", "admin")),
		move("to the top without Delete", ann, toForbid(), "mid", "", as("top", "viewer"), as("mid", "editor")),
		move("from the top", ann, nil, "side", "mid", as("top", "admin"), as("side", "admin")),
		move("from the top without Delete", ann, toForbid(), "side", "mid", as("top", "admin"), as("side", "editor"), as("side", "viewer")),
		move("with Edit and Delete on it by grant", ann, nil, "side", "mid", as("mid", "admin"), grant("teams", "side", fV|fE|fD, toUser("ann"))),
		move("no move needs no Delete", ann, nil, "mid", "top", as("top", "viewer"), as("mid", "editor")),
		move("under itself", ann, toRefuse(), "mid", "mid", as("top", "admin")),
		move("under its child", ann, toRefuse(), "top", "low", as("top", "admin")),
		move("under its child by Root", root, toRefuse(), "top", "low"),
		move("under its child, a deleted one between", root, toRefuse(), "top", "low", deleteTeam("mid")),
	}
}

// membershipPlacements are memberships, but for those who hold Share.
func membershipPlacements() []Placement {
	ann := user("ann")
	as := func(team, role string) step { return member("ann", team, role) }
	bob := func(role string) step { return member("bob", "mid", role) }
	add := func(name string, a joinery.Actor, want *Refusal, role string, steps ...step) Placement {
		return adds("memberships", name, a, want, Membership{Head: fresh(a), Team: ID("mid"), Member: ID("cho"), Role: ID(role)}, steps...)
	}
	turn := func(name string, a joinery.Actor, want *Refusal, change func(*Membership), steps ...step) Placement {
		return turns("memberships", name, a, want, "bob.mid", change, steps...)
	}
	to := func(role string) func(*Membership) { return func(m *Membership) { m.Role = ID(role) } }
	r := func(team string) step { return role("r", fV, team, "") }
	return []Placement{
		add("a role with Edit by reach", ann, nil, "user", as("mid", "admin")),
		add("a role like one's own", ann, nil, "admin", as("mid", "admin")),
		add("from above", ann, nil, "user", as("top", "admin")),
		add("a role beyond one's own", ann, toForbid(), "superadmin", as("mid", "admin")),
		add("what one has by all paths together", ann, nil, "superadmin", as("mid", "admin"), as("top", "sharer")),
		add("what one has in another team", ann, toForbid(), "superadmin", as("mid", "admin"), as("side", "superadmin")),
		add("without Edit", ann, toForbid(), "none", as("mid", "user")),
		add("Edit by grant", ann, toForbid(), "none", grant("teams", "mid", fAll, toUser("ann"))),
		add("in a hidden team", ann, toInvalid("/team_id"), "none"),
		add("Anonymous", nobody, toSignIn(), "none"),
		add("a scope without Edit on memberships", scoped(ann, scope{"teams": fAll}), toForbid(), "user", as("mid", "admin")),
		add("no scope is asked for the team", scoped(ann, scope{"memberships": fE}), nil, "user", as("mid", "admin")),
		add("System", system, nil, "superadmin"),
		add("Root", root, nil, "superadmin"),
		add("a role of the team", ann, nil, "r", as("mid", "admin"), r("mid")),
		add("a role of the team above", ann, nil, "r", as("mid", "admin"), r("top")),
		add("a role of the team below is not usable", ann, toRefuse(), "r", as("mid", "admin"), r("low")),
		add("nor one of another team", ann, toRefuse(), "r", as("mid", "admin"), as("side", "viewer"), r("side")),
		add("nor for Root", root, toRefuse(), "r", r("side")),
		add("nor one of a team that is deleted", root, toRefuse(), "r", r("mid"), deleteTeam("mid")),
		add("in a team that is deleted by Root", root, nil, "user", deleteTeam("mid")),
		add("a role that is hidden", ann, toInvalid("/role_id"), "r", as("mid", "admin"), r("side")),
		add("a role that is missing", ann, toInvalid("/role_id"), "missing", as("mid", "admin")),
		add("a role that is deleted", ann, toInvalid("/role_id"), "none", as("mid", "admin"), deleteRole("none")),
		turn("an expiry", ann, nil, func(m *Membership) { m.ExpiresAt = noon.Add(time.Hour) }, as("mid", "admin"), bob("user")),
		turn("to another role", ann, nil, to("admin"), as("mid", "admin"), bob("user")),
		turn("to a role beyond one's own", ann, toForbid(), to("superadmin"), as("mid", "admin"), bob("user")),
		turn("from a role beyond one's own", ann, toForbid(), to("user"), as("mid", "admin"), bob("superadmin")),
		turn("without Edit", ann, toForbid(), to("none"), as("mid", "user"), bob("user")),
		turn("of a hidden one", ann, toHide(), to("none"), bob("user")),
		turn("one's own without Edit", user("bob"), toForbid(), to("none"), bob("user")),
		turn("another team", ann, toRefuse(), func(m *Membership) { m.Team = ID("low") }, as("top", "superadmin"), bob("user")),
		turn("another member", ann, toRefuse(), func(m *Membership) { m.Member = ID("cho") }, as("top", "superadmin"), bob("user")),
		turn("another member by Root", root, toRefuse(), func(m *Membership) { m.Member = ID("cho") }, bob("user")),
		turn("to a role that is not usable", ann, toRefuse(), to("r"), as("top", "superadmin"), bob("user"), r("low")),
	}
}

// sharerPlacements are the rule that somebody in a team keeps Share.
func sharerPlacements() []Placement {
	ann := user("ann")
	as := func(team, role string) step { return member("ann", team, role) }
	bob := func(role string, changes ...func(*Membership)) step { return member("bob", "mid", role, changes...) }
	turn := func(name string, a joinery.Actor, want *Refusal, change func(*Membership), steps ...step) Placement {
		return turns("the last with Share", name, a, want, "bob.mid", change, steps...)
	}
	turnRole := func(name string, a joinery.Actor, want *Refusal, role string, change func(*Role), steps ...step) Placement {
		return turns("the last with Share", name, a, want, role, change, steps...)
	}
	toUser := func(m *Membership) { m.Role = ID("user") }
	disable := func(m *Membership) { m.DisabledAt = noon }
	limit := func(m *Membership) { m.ExpiresAt = noon.Add(time.Hour) }
	bare := func(r *Role) { r.Actions = fNone }
	return []Placement{
		turn("the last may not lose the role", ann, toConflict(), toUser, as("top", "superadmin"), bob("superadmin")),
		turn("nor by their own hand", user("bob"), toConflict(), toUser, bob("superadmin")),
		turn("nor be disabled", ann, toConflict(), disable, as("top", "superadmin"), bob("superadmin")),
		turn("nor be limited in time", ann, toConflict(), limit, as("top", "superadmin"), bob("superadmin")),
		turn("one who reaches the team from above does not count", ann, toConflict(), toUser, as("top", "superadmin"), bob("superadmin")),
		turn("System may not either", system, toConflict(), toUser, bob("superadmin")),
		turn("Root may", root, nil, toUser, bob("superadmin")),
		turn("where another remains", ann, nil, toUser, as("mid", "superadmin"), bob("superadmin")),
		turn("another who is disabled does not count", system, toConflict(), toUser, member("ann", "mid", "superadmin", disabled), bob("superadmin")),
		turn("another whose time is limited does not count", system, toConflict(), toUser, member("ann", "mid", "superadmin", ends(time.Hour)), bob("superadmin")),
		turn("where there was none before", ann, nil, disable, as("top", "superadmin"), bob("user")),
		turn("where the one was limited in time already", ann, nil, toUser, as("top", "superadmin"), bob("superadmin", ends(time.Hour))),
		turnRole("the role loses Share", system, toConflict(), "superadmin", bare, bob("superadmin")),
		turnRole("a role above loses Share", system, toConflict(), "superadmin", bare, role("r", fV, "mid", "superadmin"), bob("r")),
		turnRole("the role loses its parent", system, toConflict(), "r", func(r *Role) { r.Parent = null }, role("r", fV, "mid", "superadmin"), bob("r")),
		turnRole("by Root", root, nil, "superadmin", bare, bob("superadmin")),
		turnRole("where another remains with another role", system, nil, "superadmin", bare, bob("superadmin"), as("mid", "sharer")),
		turnRole("another action", system, nil, "superadmin", func(r *Role) { r.Actions |= fC }, bob("superadmin")),
	}
}

// rolePlacements are roles.
func rolePlacements() []Placement {
	ann := user("ann")
	as := func(team, role string) step { return member("ann", team, role) }
	add := func(name string, a joinery.Actor, want *Refusal, team, parent string, actions actions, steps ...step) Placement {
		return adds("roles", name, a, want, Role{Head: fresh(a), Team: ID(team), Parent: ID(parent), Actions: actions}, steps...)
	}
	turn := func(name string, a joinery.Actor, want *Refusal, change func(*Role), steps ...step) Placement {
		return turns("roles", name, a, want, "r", change, steps...)
	}
	r := func(actions actions, team, parent string) step { return role("r", actions, team, parent) }
	parent := func(name string) func(*Role) { return func(r *Role) { r.Parent = ID(name) } }
	return []Placement{
		add("of no team by a user", ann, toForbid(), "", "", fNone, as("top", "superadmin")),
		add("of no team by System", system, nil, "", "user", fAll),
		add("of no team by Root", root, nil, "", "", fAll),
		add("Anonymous", nobody, toSignIn(), "", "", fNone),
		add("with Share in the team", ann, nil, "mid", "", fAll, as("mid", "superadmin")),
		add("with Share from above", ann, nil, "mid", "admin", fS, as("top", "superadmin")),
		add("without Share", ann, toForbid(), "mid", "", fNone, as("mid", "admin")),
		add("Share by grant", ann, toForbid(), "mid", "", fNone, grant("teams", "mid", fAll, toUser("ann"))),
		add("in a hidden team", ann, toInvalid("/team_id"), "mid", "", fNone),
		add("actions beyond one's own", ann, toForbid(), "mid", "", fE, as("mid", "viewer"), as("mid", "sharer")),
		add("actions beyond one's own, by the parent", ann, toForbid(), "mid", "admin", fNone, as("mid", "viewer"), as("mid", "sharer")),
		add("actions within one's own", ann, nil, "mid", "viewer", fS, as("mid", "viewer"), as("mid", "sharer")),
		add("a scope without Edit on roles", scoped(ann, scope{"teams": fAll}), toForbid(), "mid", "", fV, as("mid", "superadmin")),
		add("a parent of the same team", ann, nil, "mid", "r", fV, as("mid", "superadmin"), r(fV, "mid", "")),
		add("a parent of the team above", ann, nil, "mid", "r", fV, as("top", "superadmin"), r(fV, "top", "")),
		add("a parent of the team below", ann, toRefuse(), "mid", "r", fV, as("top", "superadmin"), r(fV, "low", "")),
		add("a parent of another team", system, toRefuse(), "mid", "r", fV, r(fV, "side", "")),
		add("of no team with a parent of a team", system, toRefuse(), "", "r", fV, r(fV, "mid", "")),
		add("a parent that is hidden", ann, toInvalid("/parent_id"), "mid", "r", fNone, as("mid", "superadmin"), r(fNone, "side", "")),
		add("a parent that is missing", ann, toInvalid("/parent_id"), "mid", "missing", fV, as("mid", "superadmin")),
		turn("fewer actions", ann, nil, func(r *Role) { r.Actions = fV }, as("top", "superadmin"), r(fAll, "mid", "")),
		turn("actions beyond one's own after", ann, toForbid(), func(r *Role) { r.Actions = fAll }, as("mid", "viewer"), as("mid", "sharer"), r(fV, "mid", "")),
		turn("actions beyond one's own before", ann, toForbid(), func(r *Role) { r.Actions = fV }, as("mid", "viewer"), as("mid", "sharer"), r(fAll, "mid", "")),
		turn("a parent beyond one's own", ann, toForbid(), parent("admin"), as("mid", "viewer"), as("mid", "sharer"), r(fV, "mid", "")),
		turn("a parent within one's own", ann, nil, parent("admin"), as("mid", "superadmin"), r(fV, "mid", "")),
		turn("of no team by a user", ann, toForbid(), func(r *Role) { r.Actions = fNone }, as("mid", "superadmin"), r(fV, "", "")),
		turn("of a team without Share", ann, toForbid(), func(r *Role) { r.Actions = fNone }, as("mid", "admin"), r(fV, "mid", "")),
		turn("of a hidden team", ann, toHide(), func(r *Role) { r.Actions = fNone }, r(fV, "mid", "")),
		turn("to another team", ann, toRefuse(), func(r *Role) { r.Team = ID("low") }, as("top", "superadmin"), r(fV, "mid", "")),
		turn("to no team by System", system, toRefuse(), func(r *Role) { r.Team = null }, r(fV, "mid", "")),
		turn("under itself", ann, toRefuse(), parent("r"), as("mid", "superadmin"), r(fV, "mid", "")),
		turn("under its child", ann, toRefuse(), parent("s"), as("mid", "superadmin"), r(fV, "mid", ""), role("s", fV, "mid", "r")),
		turn("under its child by Root", root, toRefuse(), parent("s"), r(fV, "", ""), role("s", fV, "", "r")),
	}
}

// grantPlacements are grants.
func grantPlacements() []Placement {
	ann := user("ann")
	p := row("projects", "p", ownedBy("ann"))
	to := toUser("bob")
	add := func(name string, a joinery.Actor, want *Refusal, table, row string, actions actions, target []func(*Grant), steps ...step) Placement {
		g := Grant{Head: fresh(a), Model: table, Row: ID(row), Actions: actions}
		apply(&g, target)
		return adds("grants", name, a, want, g, steps...)
	}
	on := func(target ...func(*Grant)) []func(*Grant) { return target }
	turn := func(name string, a joinery.Actor, want *Refusal, change func(*Grant), steps ...step) Placement {
		return turns("grants", name, a, want, "g", change, steps...)
	}
	less := func(g *Grant) { g.Actions = fV }
	mine := func(actions actions) step {
		return func(s *scene) {
			row("projects", "q")(s)
			grant("projects", "q", actions, toUser("ann"), named("mine"))(s)
		}
	}
	bob := func(actions actions) step { return grant("projects", "q", actions, to) }
	return []Placement{
		add("on one's own row", ann, nil, "projects", "p", fAll, on(to), p),
		add("with Share and the actions", ann, nil, "projects", "q", fV|fS, on(to), mine(fV|fS)),
		add("with actions beyond one's own", ann, toForbid(), "projects", "q", fV|fE, on(to), mine(fV|fS)),
		add("without Share", ann, toForbid(), "projects", "q", fV, on(to), mine(fAll&^fS)),
		add("on a hidden row", ann, toInvalid("/row_id"), "projects", "q", fV, on(to), row("projects", "q")),
		add("on a missing row", ann, toInvalid("/row_id"), "projects", "missing", fV, on(to)),
		add("on a deleted row", ann, toInvalid("/row_id"), "projects", "q", fV, on(to), row("projects", "q", ownedBy("ann"), deletedRow)),
		add("Anonymous", nobody, toSignIn(), "polls", "poll", fV, on(to), row("polls", "poll")),
		add("by System", system, nil, "projects", "p", fAll, on(to), p),
		add("by System on a row of Root's", system, toInvalid("/row_id"), "projects", "q", fV, on(to), row("projects", "q", ofRoot)),
		add("by Root", root, nil, "projects", "p", fAll, on(to), p),
		add("on a team", ann, nil, "teams", "mid", fV, on(to), member("ann", "mid", "superadmin")),
		add("on a team without Share", ann, toForbid(), "teams", "mid", fV, on(to), member("ann", "mid", "admin")),
		add("on a membership", ann, toInvalid(""), "memberships", "ann.mid", fV, on(to), member("ann", "mid", "superadmin")),
		add("on a role", ann, toInvalid(""), "roles", "user", fV, on(to), member("ann", "mid", "superadmin")),
		add("on a user", ann, toInvalid(""), "users", "ann", fV, on(to)),
		add("on a grant", ann, toInvalid(""), "grants", "g", fV, on(to), p, grant("projects", "p", fV, to)),
		add("on a System model", ann, toInvalid(""), "settings", "set", fV, on(to), row("settings", "set", ownedBy("ann"))),
		add("on a System model by System", system, toInvalid(""), "settings", "set", fV, on(to), row("settings", "set", ownedBy("ann"))),
		add("on a Private model by Root", root, toInvalid(""), "secrets", "s", fV, on(to), row("secrets", "s", ownedBy("ann"))),
		add("on no model", ann, toInvalid(""), "nothing", "p", fV, on(to), p),
		add("without a target", ann, toInvalid(""), "projects", "p", fV, on(), p),
		add("to a user and a team", ann, toInvalid(""), "projects", "p", fV, on(to, toTeam("mid")), p, member("ann", "mid", "user")),
		add("to a user and a role", ann, toInvalid(""), "projects", "p", fV, on(to, toRole("user")), p),
		add("to all three", root, toInvalid(""), "projects", "p", fV, on(to, toTeam("mid"), toRole("user")), p),
		add("to a stranger", ann, nil, "projects", "p", fV, on(toUser("cho")), p),
		add("to a team one sees", ann, nil, "projects", "p", fV, on(toTeam("mid")), p, member("ann", "mid", "viewer")),
		add("to a hidden team", ann, toInvalid("/team_id"), "projects", "p", fV, on(toTeam("mid")), p),
		add("to a role", ann, nil, "projects", "p", fV, on(toRole("user")), p),
		add("to a hidden role", ann, toInvalid("/role_id"), "projects", "p", fV, on(toRole("r")), p, role("r", fV, "mid", "")),
		add("to a team and a role", ann, nil, "projects", "p", fV, on(toTeam("mid"), toRole("user")), p, member("ann", "mid", "viewer")),
		add("a scope without Edit on grants", scoped(ann, scope{"projects": fAll}), toForbid(), "projects", "p", fV, on(to), p),
		add("no scope is asked for the row", scoped(ann, scope{"grants": fE}), nil, "projects", "p", fV, on(to), p),
		turn("fewer actions", ann, nil, less, mine(fV|fE|fS), bob(fV|fE)),
		turn("actions beyond one's own before", ann, toForbid(), less, mine(fV|fE|fS), bob(fV|fD)),
		turn("actions beyond one's own after", ann, toForbid(), func(g *Grant) { g.Actions = fV | fD }, mine(fV|fE|fS), bob(fV)),
		turn("without Share", ann, toHide(), less, mine(fV|fE), bob(fV)),
		turn("an expiry", ann, nil, func(g *Grant) { g.ExpiresAt = noon.Add(time.Hour) }, mine(fV|fS), bob(fV)),
		turn("another row", ann, toRefuse(), func(g *Grant) { g.Row = ID("p") }, p, mine(fV|fS), bob(fV)),
		turn("another target", ann, toRefuse(), func(g *Grant) { g.Member = ID("cho") }, mine(fV|fS), bob(fV)),
		turn("another target by Root", root, toRefuse(), func(g *Grant) { g.Member = ID("cho") }, mine(fV|fS), bob(fV)),
	}
}
