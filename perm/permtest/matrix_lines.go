package permtest

import (
	"github.com/joinery-go/joinery"
)

type scope = map[string]joinery.Actions

// scopeCases are line 0.
func scopeCases() []Case {
	mine := newScene(row("projects", "p", ownedBy("ann")), row("projects", "q", ownedBy("bob")),
		row("articles", "a", ownedBy("bob")),
		row("projects", "gone", ownedBy("ann"), deletedRow),
		row("notes", "n", ownedBy("bob"), ref("project_id", "p")),
		row("projects", "t", ownedBy("bob"), inTeam("mid")), member("ann", "mid", "user"))
	share := newScene(row("projects", "p", ownedBy("ann")), grant("projects", "p", fV|fE, toUser("bob")))
	ann := func(s scope) joinery.Actor { return scoped(user("ann"), s) }
	return []Case{
		{"line 0", "no scope narrows nothing", mine, user("ann"), "projects", "p", fAll},
		{"line 0", "what the scope lists is judged by the rules", mine, ann(scope{"projects": fV | fE}), "projects", "p", fV | fE},
		{"line 0", "a scope without View hides", mine, ann(scope{"projects": fE | fD}), "projects", "p", fNone},
		{"line 0", "an empty scope denies all", mine, ann(scope{}), "projects", "p", fNone},
		{"line 0", "what the scope does not list is denied", mine, ann(scope{"notes": fAll}), "projects", "p", fNone},
		{"line 0", "a scope grants nothing", mine, ann(scope{"projects": fAll}), "projects", "q", fNone},
		{"line 0", "a scope comes before Public", mine, ann(scope{"articles": fV}), "articles", "a", fV},
		{"line 0", "a scope narrows Root", mine, scoped(root, scope{"projects": fV}), "projects", "p", fV},
		{"line 0", "an empty scope denies Root all", mine, scoped(root, scope{}), "projects", "p", fNone},
		{"line 0", "a scope narrows System", mine, scoped(system, scope{"projects": fV | fC}), "projects", "p", fV | fC},
		{"line 0", "a scope narrows Anonymous", mine, scoped(nobody, scope{"projects": fAll}), "articles", "a", fNone},
		{"line 0", "teams are judged as if there were no scope", mine, ann(scope{"projects": fAll}), "projects", "t", fV | fX | fC},
		{"line 0", "inherited parents are judged as if there were no scope", mine, ann(scope{"notes": fV | fD}), "notes", "n", fV | fD},
		{"line 0", "the row of a grant is judged as if there were no scope", share, ann(scope{"grants": fV | fD}), "grants", "g", fV | fD},
		{"line 0", "the grant itself is judged with the scope", share, ann(scope{"projects": fAll}), "grants", "g", fNone},
	}
}

// closedCases are lines 1 to 5.
func closedCases() []Case {
	w := newScene(
		row("projects", "p", ownedBy("ann")), row("projects", "gone", ownedBy("ann"), deletedRow),
		row("articles", "gonepublic", ownedBy("ann"), deletedRow),
		row("projects", "ofroot", ofRoot, inTeam("mid")), row("articles", "pubofroot", ofRoot),
		row("projects", "byroot", ofRoot, ownedBy("ann")), row("projects", "nobodys"),
		row("projects", "toroot", createdBy("ann"), ownedByID(joinery.WellKnownIDs().Root)),
		row("projects", "tmpl", ownedByID(joinery.WellKnownIDs().Template)),
		row("secrets", "s", ownedBy("ann"), inTeam("mid")), row("settings", "set", ownedBy("ann")),
		row("boxes", "box", createdBy("ann")), row("labels", "label"),
		grant("secrets", "s", fAll, toUser("ann")), grant("projects", "ofroot", fAll, toUser("ann"), named("g2")),
		grant("projects", "gone", fAll, toUser("bob"), named("g3")),
		member("ann", "mid", "superadmin"))
	return []Case{
		{"line 1", "Root may do everything", w, root, "projects", "p", fAll},
		{"line 1", "deleted rows too", w, root, "projects", "gone", fAll},
		{"line 1", "also where Root owns", w, root, "projects", "ofroot", fAll},
		{"line 1", "also what is Private", w, root, "secrets", "s", fAll},
		{"line 1", "also what is System", w, root, "settings", "set", fAll},
		{"line 1", "also what nobody owns", w, root, "labels", "label", fAll},
		{"line 1", "a missing row is missing for Root too", w, root, "projects", "missing", fNone},
		{"line 1", "who only has Root's id is not Root", w, joinery.Actor{ID: root.ID, Kind: joinery.User}, "projects", "p", fNone},
		{"line 2", "a deleted row is hidden from its owner", w, user("ann"), "projects", "gone", fNone},
		{"line 2", "a deleted row is hidden from who has a grant", w, user("bob"), "projects", "gone", fNone},
		{"line 2", "a deleted row is hidden from System", w, system, "projects", "gone", fNone},
		{"line 2", "a deleted row is not public", w, nobody, "articles", "gonepublic", fNone},
		{"line 2", "a model without deletion has live rows only", w, user("ann"), "boxes", "box", fAll},
		{"line 3", "what Root owns is hidden from team and grants", w, user("ann"), "projects", "ofroot", fNone},
		{"line 3", "what Root owns is hidden from System", w, system, "projects", "ofroot", fNone},
		{"line 3", "what Root owns is not public", w, user("ann"), "articles", "pubofroot", fNone},
		{"line 3", "what Root owns by user_id is hidden from its creator", w, user("ann"), "projects", "toroot", fNone},
		{"line 3", "what Root only created belongs to user_id", w, user("ann"), "projects", "byroot", fAll},
		{"line 4", "System may do everything to live rows", w, system, "projects", "p", fAll},
		{"line 4", "System may, also what is Private", w, system, "secrets", "s", fAll},
		{"line 4", "System may, also what is System", w, system, "settings", "set", fAll},
		{"line 4", "System may, also what Template owns", w, system, "projects", "tmpl", fAll},
		{"line 4", "System may, also without an owner", w, system, "projects", "nobodys", fAll},
		{"line 4", "who only has System's id is not System", w, joinery.Actor{ID: system.ID, Kind: joinery.User}, "projects", "p", fNone},
		{"line 5", "a Private model is closed to owner, team and grant, and not public", w, user("ann"), "secrets", "s", fNone},
		{"line 5", "a Private model is closed to Anonymous", w, nobody, "secrets", "s", fNone},
	}
}

// openCases are lines 6, 7, 9 and 16.
func openCases() []Case {
	w := newScene(
		row("articles", "a", ownedBy("bob")), row("articles", "mine", ownedBy("ann")), row("polls", "poll", ofSystem),
		row("settings", "set", ownedBy("ann")), row("projects", "p", ownedBy("ann"), inTeam("mid")), row("projects", "q", ofSystem),
		row("projects", "nil"), row("projects", "tmpl", ownedByID(joinery.WellKnownIDs().Template)),
		member("ann", "mid", "superadmin"), member("bob", "top", "viewer"))
	settings := newScene(row("settings", "set", ownedBy("ann")), grant("settings", "set", fAll, toUser("bob")))
	return []Case{
		{"line 6", "Public actions for strangers", w, user("cho"), "articles", "a", fV | fC},
		{"line 6", "Public actions for Anonymous", w, nobody, "articles", "a", fV | fC},
		{"line 6", "Public is not all there is", w, user("ann"), "articles", "mine", fAll},
		{"line 6", "any action may be Public, also for Anonymous", w, nobody, "polls", "poll", fAll &^ fC},
		{"line 6", "Public comes before the rules on what System owns", w, user("ann"), "polls", "poll", fAll &^ fC},
		{"line 6", "Public without View hides from Anonymous", w, nobody, "settings", "set", fNone},
		{"line 6", "without Public there is nothing for strangers", w, user("cho"), "projects", "p", fNone},
		{"line 7", "Anonymous has nothing beyond Public", w, nobody, "projects", "p", fNone},
		{"line 7", "Anonymous does not see what System owns", w, nobody, "projects", "q", fNone},
		{"line 7", "Anonymous does not see what Template owns", w, nobody, "projects", "tmpl", fNone},
		{"line 7", "a User with the nil id is Anonymous", w, joinery.Actor{Kind: joinery.User}, "articles", "a", fV | fC},
		{"line 7", "a User with the nil id owns nothing", w, joinery.Actor{Kind: joinery.User}, "projects", "nil", fNone},
		{"line 7", "a User with Template's id is Anonymous", w, joinery.Actor{ID: joinery.WellKnownIDs().Template, Kind: joinery.User}, "projects", "tmpl", fNone},
		{"line 7", "a User with System's id is Anonymous", w, joinery.Actor{ID: system.ID, Kind: joinery.User}, "projects", "q", fNone},
		{"line 7", "Anonymous with somebody's id is Anonymous", w, joinery.Actor{ID: ID("ann")}, "projects", "p", fNone},
		{"line 7", "the signed-in go on", w, user("ann"), "projects", "p", fAll},
		{"line 9", "a System model is viewable by all signed-in, and by its owner no more than that", w, user("ann"), "settings", "set", fV | fX},
		{"line 9", "a System model by a stranger", w, user("cho"), "settings", "set", fV | fX},
		{"line 9", "a System model is closed to grants", settings, user("bob"), "settings", "set", fV | fX},
		{"line 16", "who has no rule on their side has nothing", w, user("cho"), "projects", "p", fNone},
		{"line 16", "what nobody owns is nobody's", w, user("ann"), "projects", "nil", fNone},
		{"line 16", "what one rule gives is all there is", w, user("bob"), "projects", "p", fV},
	}
}

// ownerCases are lines 10 and 11.
func ownerCases() []Case {
	ids := joinery.WellKnownIDs()
	w := newScene(
		row("projects", "sys", ofSystem), row("projects", "sysmid", ofSystem, inTeam("mid")),
		row("projects", "tmpl", ownedByID(ids.Template)), row("projects", "tmplmid", ownedByID(ids.Template), inTeam("mid")),
		row("projects", "bysys", ofSystem, ownedBy("ann")), row("comments", "syscomment", ofSystem),
		row("projects", "granted", ofSystem), grant("projects", "granted", fC|fE|fS, toUser("ann")),
		row("projects", "p", ownedBy("ann"), createdBy("bob")), row("projects", "c", createdBy("ann")),
		row("comments", "comment", createdBy("ann")), row("projects", "nil"),
		row("projects", "far", ownedBy("ann"), inTeam("side")),
		row("notes", "loose", ownedBy("ann")), row("notes", "stay", ownedBy("ann"), inTeam("mid")),
		row("notes", "left", ownedBy("ann"), inTeam("side")), row("notes", "lost", ownedBy("ann"), inTeam("missing")),
		row("notes", "noneteam", ownedBy("bob"), inTeam("low")),
		member("ann", "mid", "superadmin"), member("bob", "low", "none"))
	return []Case{
		{"line 10", "what System owns all signed-in may View", w, user("cho"), "projects", "sys", fV},
		{"line 10", "what System owns nobody may Edit or Delete; the rest goes on", w, user("ann"), "projects", "sysmid", fV | fX | fC | fS},
		{"line 10", "a grant gives the rest, but not Edit", w, user("ann"), "projects", "granted", fV | fC | fS},
		{"line 10", "what System only created is its owner's", w, user("ann"), "projects", "bysys", fAll},
		{"line 10", "models without user_id are owned by the creator", w, user("cho"), "comments", "syscomment", fV},
		{"line 10", "what Template owns all signed-in may View, Execute, Copy", w, user("cho"), "projects", "tmpl", fV | fX | fC},
		{"line 10", "what Template owns nobody may Edit or Delete; Share goes on", w, user("ann"), "projects", "tmplmid", fV | fX | fC | fS},
		{"line 11", "user_id owns", w, user("ann"), "projects", "p", fAll},
		{"line 11", "the creator of what another owns does not", w, user("bob"), "projects", "p", fNone},
		{"line 11", "where user_id is null the creator owns", w, user("ann"), "projects", "c", fAll},
		{"line 11", "where the model has no user_id the creator owns", w, user("ann"), "comments", "comment", fAll},
		{"line 11", "where both are null nobody owns", w, user("ann"), "projects", "nil", fNone},
		{"line 11", "a stranger does not own", w, user("cho"), "projects", "p", fNone},
		{"line 11", "an owner outside the row's team keeps it", w, user("ann"), "projects", "far", fAll},
		{"line 11", "OwnerNeedsReach: without a team the owner keeps it", w, user("ann"), "notes", "loose", fAll},
		{"line 11", "OwnerNeedsReach: who reaches the team keeps it", w, user("ann"), "notes", "stay", fAll},
		{"line 11", "OwnerNeedsReach: with whatever role", w, user("bob"), "notes", "noneteam", fAll},
		{"line 11", "OwnerNeedsReach: who does not reach the team loses it", w, user("ann"), "notes", "left", fNone},
		{"line 11", "OwnerNeedsReach: nobody reaches a team that is not there", w, user("ann"), "notes", "lost", fNone},
	}
}

// extraCases are line 15.
func extraCases() []Case {
	w := newScene(
		row("notes", "shared", shared), row("notes", "ranked", ranked(3)), row("notes", "two", ranked(2), shared),
		row("notes", "both", ranked(3), shared), row("notes", "unranked", shared), row("notes", "ann", ref("reviewer_id", "ann")),
		row("notes", "sys", ofSystem, ranked(9)), row("comments", "c", ref("note_id", "both")))
	return []Case{
		{"line 15", "a rule of the app gives its actions", w, user("ann"), "notes", "shared", fV | fX},
		{"line 15", "without View the rest is of no use", w, user("ann"), "notes", "ranked", fNone},
		{"line 15", "two rules give both", w, user("ann"), "notes", "both", fV | fX | fE | fS},
		{"line 15", "a rule that does not hold gives nothing", w, user("ann"), "notes", "two", fV | fX},
		{"line 15", "a rule that is null does not hold", w, user("ann"), "notes", "unranked", fV | fX},
		{"line 15", "a rule may look at the actor", w, user("ann"), "notes", "ann", fV | fC},
		{"line 15", "a rule that looks at another actor does not hold", w, user("bob"), "notes", "ann", fNone},
		{"line 15", "rules of the app are not for Anonymous", w, nobody, "notes", "both", fNone},
		{"line 15", "line 10 comes first", w, user("ann"), "notes", "sys", fV | fS},
		{"line 15", "what a rule gives is inherited", w, user("ann"), "comments", "c", fV | fX | fE | fS},
	}
}
