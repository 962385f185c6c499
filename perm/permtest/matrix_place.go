package permtest

import (
	"maps"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// What a placement may want, nil being allowed.
func toInvalid(pointer string) *Refusal { return &Refusal{Kind: joinery.Invalid, Pointer: pointer} }
func toRefuse() *Refusal                { return &Refusal{Kind: joinery.Forbidden, Open: true} }
func toForbid() *Refusal                { return &Refusal{Kind: joinery.Forbidden} }
func toSignIn() *Refusal                { return &Refusal{Kind: joinery.Unauthenticated} }
func toHide() *Refusal                  { return &Refusal{Kind: joinery.NotFound} }
func toConflict() *Refusal              { return &Refusal{Kind: joinery.Conflict} }

// creates is the placement of a new row of a model that is not special. Its
// creator is the actor, as crud fills it in.
func creates(rule, name string, w *World, a joinery.Actor, table string, want *Refusal, changes ...func(*Row)) Placement {
	r := Row{Head: Head{ID: ID("new"), CreatedBy: a.ID}, Model: table}
	apply(&r, changes)
	return Placement{rule, name, w, Move{Actor: a, New: r}, want, nil}
}

// changes is the placement of a row of the world, changed.
func changes(rule, name string, w *World, a joinery.Actor, table, row string, want *Refusal, changes ...func(*Row)) Placement {
	old, _ := w.Find(table, ID(row))
	new := old.(Row).clone()
	apply(&new, changes)
	return Placement{rule, name, w, Move{Actor: a, Old: old, New: new}, want, nil}
}

// clone is a copy that shares no references with r.
func (r Row) clone() Row {
	refs := map[string]uuid.UUID{}
	for column, id := range r.Refs {
		refs[column] = id
	}
	r.Refs, r.Values = refs, maps.Clone(r.Values)
	return r
}

// createPlacements are who creates, in which model and for whom.
func createPlacements() []Placement {
	w := newScene(member("ann", "mid", "superadmin"))
	p := func(name string, a joinery.Actor, table string, want *Refusal, changes ...func(*Row)) Placement {
		return creates("create", name, w, a, table, want, changes...)
	}
	ann := user("ann")
	return []Placement{
		p("signed-in actors create", ann, "projects", nil),
		p("naming themselves", ann, "projects", nil, ownedBy("ann")),
		p("in the name of another they do not", ann, "projects", toRefuse(), ownedBy("bob")),
		p("nor in System's", ann, "projects", toRefuse(), ownedByID(system.ID)),
		p("Anonymous never", nobody, "projects", toSignIn()),
		p("Anonymous never, public models neither", nobody, "polls", toSignIn()),
		p("a User with the nil id never", joinery.Actor{Kind: joinery.User}, "projects", toSignIn()),
		p("a User with System's id never", joinery.Actor{ID: system.ID, Kind: joinery.User}, "projects", toSignIn()),
		p("a scope with Edit on the model", scoped(ann, scope{"projects": fE}), "projects", nil),
		p("a scope without Edit on the model", scoped(ann, scope{"projects": fAll &^ fE}), "projects", toForbid()),
		p("a scope on another model", scoped(ann, scope{"notes": fAll}), "projects", toForbid()),
		p("a scope for System", scoped(system, scope{}), "projects", toForbid(), ownedBy("ann")),
		p("a scope for Root", scoped(root, scope{"projects": fE}), "projects", nil, ownedBy("ann")),
		p("a System model takes no rows", ann, "settings", toForbid()),
		p("a Private model takes no rows", ann, "secrets", toForbid()),
		p("a System model takes rows from System", system, "settings", nil, ownedBy("ann")),
		p("a Private model takes rows from Root", root, "secrets", nil, ownedByID(system.ID)),
		p("System names any owner", system, "projects", nil, ownedBy("bob")),
		p("System names itself", system, "projects", nil, ownedByID(system.ID)),
		p("Root names Template", root, "projects", nil, ownedByID(joinery.WellKnownIDs().Template)),
		p("System must name an owner", system, "projects", toInvalid("/user_id")),
		p("Root must name an owner", root, "projects", toInvalid("/user_id")),
		p("models without an owner need none named", system, "labels", nil),
	}
}

// copyPlacements are copies, which take the fields of Create and belong to
// whoever copies.
func copyPlacements() []Placement {
	w := newScene(
		member("ann", "mid", "user"), member("bob", "mid", "admin"), row("projects", "p", inTeam("mid")), row("projects", "own", ownedBy("ann")),
		row("projects", "look", ownedBy("cho")), grant("projects", "look", fAll&^fC, toUser("ann")),
		row("articles", "a", ownedBy("cho")), row("settings", "set"), row("projects", "tmpl", ownedByID(joinery.WellKnownIDs().Template)))
	p := func(name string, a joinery.Actor, table, source string, want *Refusal, to ...func(*Row)) Placement {
		placement := creates("copy", name, w, a, table, want, to...)
		placement.Source, _ = w.Find(table, ID(source))
		return placement
	}
	ann, bob := user("ann"), user("bob")
	return []Placement{
		p("one's own", ann, "projects", "own", nil, ownedBy("ann")),
		p("Copy on the source and Edit in its team", bob, "projects", "p", nil, inTeam("mid")),
		p("Copy on the source, but not Edit in its team", ann, "projects", "p", toForbid(), inTeam("mid")),
		p("out of the team", ann, "projects", "p", nil),
		p("all but Copy", ann, "projects", "look", toForbid()),
		p("hidden", bob, "projects", "look", toHide()),
		p("what is public", ann, "articles", "a", nil),
		p("what is public, by Anonymous", nobody, "articles", "a", toSignIn()),
		p("what Template owns", ann, "projects", "tmpl", nil),
		p("a System model", ann, "settings", "set", toForbid()),
		p("a scope without Copy", scoped(ann, scope{"projects": fV | fE}), "projects", "own", toForbid()),
		p("a scope without Edit", scoped(ann, scope{"projects": fV | fC}), "projects", "own", toForbid()),
	}
}

// refPlacements are what is needed in teams and on rows that are named.
func refPlacements() []Placement {
	w := newScene(
		member("ann", "mid", "editor"), member("ann", "top", "viewer"), member("ann", "side", "editor"), member("bob", "mid", "viewer"),
		member("cho", "mid", "user"), team("granted", ""), grant("teams", "granted", fAll, toUser("ann")),
		team("gone", "", func(t *Team) { t.Deleted = true }), team("ofroot", "", func(t *Team) { t.CreatedBy = root.ID }),
		member("ann", "ofroot", "superadmin"),
		row("projects", "p", ownedBy("ann")), row("projects", "q", ownedBy("bob")), row("projects", "seen", inTeam("mid")),
		row("projects", "gonep", ownedBy("ann"), deletedRow), row("projects", "rootp", ofRoot), row("notes", "n", ownedBy("ann")), row("notes", "run", shared),
		row("labels", "label", inTeam("top")), row("labels", "far", inTeam("side")),
		row("folders", "f", ownedBy("ann")), row("folders", "g"), grant("folders", "g", fAll&^fS, toUser("ann"), named("g2")),
		row("articles", "a"), row("articles", "mine", ownedBy("ann")), row("settings", "set", ownedBy("ann")), row("projects", "tmpl", ownedByID(joinery.WellKnownIDs().Template)))
	p := func(name string, a joinery.Actor, table string, want *Refusal, changes ...func(*Row)) Placement {
		return creates("places", name, w, a, table, want, changes...)
	}
	ann, bob, cho := user("ann"), user("bob"), user("cho")
	return []Placement{
		p("team: View and Edit by reach", ann, "projects", nil, inTeam("mid")),
		p("team: below the one that is reached", ann, "projects", nil, inTeam("low")),
		p("team: View without Edit", ann, "projects", toForbid(), inTeam("top")),
		p("team: Edit without View", ann, "projects", toInvalid("/team_id"), inTeam("side")),
		p("team: hidden", bob, "projects", toInvalid("/team_id"), inTeam("side")),
		p("team: missing", ann, "projects", toInvalid("/team_id"), inTeam("missing")),
		p("team: deleted", ann, "projects", toInvalid("/team_id"), inTeam("gone")),
		p("team: of Root's", ann, "projects", toInvalid("/team_id"), inTeam("ofroot")),
		p("team: View by grant, but Edit is needed by reach", ann, "projects", toForbid(), inTeam("granted")),
		p("team: CreateInTeam instead of Edit", cho, "folders", nil, inTeam("mid")),
		p("team: all of CreateInTeam", ann, "folders", toForbid(), inTeam("mid")),
		p("team: no scope is asked", scoped(ann, scope{"projects": fE}), "projects", nil, inTeam("mid")),
		p("team: System anywhere", system, "projects", nil, inTeam("side"), ownedBy("ann")),
		p("team: System, deleted", system, "projects", toInvalid("/team_id"), inTeam("gone"), ownedBy("ann")),
		p("team: System, of Root's", system, "projects", toInvalid("/team_id"), inTeam("ofroot"), ownedBy("ann")),
		p("team: Root, of Root's", root, "projects", nil, inTeam("ofroot"), ownedBy("ann")),
		p("team: Root, missing", root, "projects", toInvalid("/team_id"), inTeam("missing"), ownedBy("ann")),
		p("inherit: Edit on the row above", ann, "comments", nil, ref("project_id", "p")),
		p("inherit: hidden", ann, "comments", toInvalid("/project_id"), ref("project_id", "q")),
		p("inherit: missing", ann, "comments", toInvalid("/project_id"), ref("project_id", "missing")),
		p("inherit: deleted", ann, "comments", toInvalid("/project_id"), ref("project_id", "gonep")),
		p("inherit: View without Edit", bob, "comments", toForbid(), ref("project_id", "seen")),
		p("inherit: what Template owns one may not stand under", ann, "comments", toForbid(), ref("project_id", "tmpl")),
		p("inherit: CreateUnder instead of Edit", ann, "notes", nil, ref("project_id", "tmpl")),
		p("inherit: without CreateUnder", bob, "notes", toForbid(), ref("project_id", "seen")),
		p("inherit: Edit is not CreateUnder", ann, "notes", toForbid(), ref("project_id", "seen")),
		p("inherit: View is asked first", ann, "folders", toInvalid("/project_id"), ref("project_id", "q")),
		p("inherit: CreateUnder Share on a tree", ann, "folders", nil, ref("parent_id", "f")),
		p("inherit: all but CreateUnder on a tree", ann, "folders", toForbid(), ref("parent_id", "g")),
		p("inherit: each of two references", ann, "comments", nil, ref("project_id", "p"), ref("note_id", "n")),
		p("inherit: one of two references is not enough", ann, "comments", toInvalid("/project_id"), ref("project_id", "q"), ref("note_id", "n")),
		p("inherit: public View is not Edit", ann, "attachments", toForbid(), ref("article_id", "a")),
		p("inherit: one's own among the public", ann, "attachments", nil, ref("article_id", "mine")),
		p("inherit: a System model", ann, "attachments", toForbid(), ref("setting_id", "set")),
		p("inherit: no scope is asked", scoped(ann, scope{"comments": fE}), "comments", nil, ref("project_id", "p")),
		p("inherit: System", system, "comments", nil, ref("project_id", "q")),
		p("inherit: System, of Root's", system, "comments", toInvalid("/project_id"), ref("project_id", "rootp")),
		p("inherit: Root, deleted", root, "comments", nil, ref("project_id", "gonep")),
		p("reference: View on the row", ann, "comments", nil, ref("label_id", "label")),
		p("reference: hidden", bob, "comments", toInvalid("/label_id"), ref("label_id", "far")),
		p("reference: missing", ann, "comments", toInvalid("/label_id"), ref("label_id", "missing")),
		p("reference: no scope is asked", scoped(ann, scope{"comments": fE}), "comments", nil, ref("label_id", "label")),
		p("reference to users: exempt", ann, "comments", nil, ref("mention_id", "bob")),
		p("reference to users: exempt also where strangers", cho, "notes", nil, ref("reviewer_id", "ann")),
		p("reference to users that needs View: a stranger", user("dan"), "comments", toInvalid("/witness_id"), ref("witness_id", "bob")),
		p("reference to users that needs View: one's own company", bob, "comments", nil, ref("witness_id", "cho")),
		p("reference to users that needs View: oneself", ann, "comments", nil, ref("witness_id", "ann")),
	}
}

// movePlacements are changes of team and of rows above.
func movePlacements() []Placement {
	w := newScene(
		member("ann", "mid", "admin"), member("bob", "mid", "editor"), member("bob", "top", "viewer"),
		row("projects", "p", inTeam("mid")), row("projects", "low", inTeam("low")), row("projects", "own", ownedBy("ann")),
		row("projects", "ownfar", ownedBy("ann"), inTeam("side")), row("projects", "sys", ofSystem, inTeam("mid")),
		row("projects", "other", ownedBy("cho")), row("projects", "rootp", ofRoot),
		row("comments", "c", ref("project_id", "p")), row("comments", "edit"), grant("comments", "edit", fV|fE, toUser("bob")),
		row("comments", "under", ref("project_id", "other")), grant("comments", "under", fV|fE, toUser("bob"), named("g2")),
		row("comments", "away", ref("project_id", "other")), grant("comments", "away", fV|fE|fD, toUser("bob"), named("g3")),
		row("labels", "far", inTeam("side")), row("comments", "labelled", createdBy("bob"), ref("label_id", "far")),
		row("polls", "poll"), row("articles", "a"), row("projects", "gonep", deletedRow), row("secrets", "s", ownedBy("ann")), row("settings", "set", ownedBy("ann")))
	p := func(name string, a joinery.Actor, table, row string, want *Refusal, to ...func(*Row)) Placement {
		return changes("moves", name, w, a, table, row, want, to...)
	}
	ann, bob, cho := user("ann"), user("bob"), user("cho")
	noTeam := func(r *Row) { r.Team = null }
	none := func(column string) func(*Row) { return func(r *Row) { delete(r.Refs, column) } }
	return []Placement{
		p("Update needs Edit", bob, "projects", "p", nil),
		p("Update needs Edit: View only", cho, "articles", "a", toForbid()),
		p("Update needs Edit: hidden", cho, "projects", "p", toHide()),
		p("Update needs Edit: deleted", ann, "projects", "gonep", toHide()),
		p("Update needs Edit: Anonymous", nobody, "articles", "a", toSignIn()),
		p("Update needs Edit: Anonymous, public", nobody, "polls", "poll", nil),
		p("Update needs Edit: what System owns", ann, "projects", "sys", toForbid()),
		p("Update needs Edit: a System model", ann, "settings", "set", toForbid()),
		p("Update needs Edit: a Private model", ann, "secrets", "s", toHide()),
		p("Update needs Edit: System", system, "secrets", "s", nil),
		p("Update needs Edit: System, of Root's", system, "projects", "rootp", toHide()),
		p("Update needs Edit: Root, deleted", root, "projects", "gonep", nil),
		p("a scope with Edit", scoped(bob, scope{"projects": fV | fE}), "projects", "p", nil),
		p("a scope without Edit", scoped(bob, scope{"projects": fV | fD}), "projects", "p", toForbid()),
		p("leaving a team with Delete", ann, "projects", "p", nil, noTeam),
		p("leaving a team without Delete", bob, "projects", "p", toForbid(), noTeam),
		p("to a team below, with Delete", ann, "projects", "p", nil, inTeam("low")),
		p("to a team below, without Delete", bob, "projects", "p", toForbid(), inTeam("low")),
		p("with a scope without Delete", scoped(ann, scope{"projects": fV | fE}), "projects", "p", toForbid(), inTeam("low")),
		p("into a team, from none", ann, "projects", "own", nil, inTeam("mid")),
		p("into a hidden team", ann, "projects", "own", toInvalid("/team_id"), inTeam("side")),
		p("into a team that is not for creating", user("bob"), "comments", "edit", nil),
		p("a team that does not change is not judged", ann, "projects", "ownfar", nil),
		p("a reference that does not change is not judged", bob, "comments", "labelled", nil),
		p("a reference that changes is", bob, "comments", "labelled", toInvalid("/label_id"), ref("label_id", "missing")),
		p("a reference to null is not judged", bob, "comments", "labelled", nil, none("label_id")),
		p("leaving a row above with Delete", bob, "comments", "away", nil, none("project_id")),
		p("leaving a row above without Delete", bob, "comments", "under", toForbid(), none("project_id")),
		p("from one row above to another", ann, "comments", "c", nil, ref("project_id", "own")),
		p("to a row above that is hidden", bob, "comments", "away", toInvalid("/project_id"), ref("project_id", "own")),
		p("to a row above that is missing", ann, "comments", "c", toInvalid("/project_id"), ref("project_id", "missing")),
		p("under a row for the first time needs no Delete", bob, "comments", "edit", nil, ref("project_id", "p")),
		p("System moves", system, "projects", "p", nil, inTeam("side")),
		p("Root moves", root, "projects", "p", nil, inTeam("side")),
	}
}

// ownerPlacements are changes of user_id, and copying.
func ownerPlacements() []Placement {
	w := newScene(
		row("projects", "p", ownedBy("ann")), row("projects", "q", ownedBy("cho")), grant("projects", "q", fAll&^fS, toUser("ann")),
		row("projects", "r", ownedBy("cho")), grant("projects", "r", fV|fE|fS, toUser("ann"), named("g2")), row("polls", "poll"))
	p := func(name string, a joinery.Actor, table, row string, want *Refusal, to ...func(*Row)) Placement {
		return changes("owners", name, w, a, table, row, want, to...)
	}
	ann := user("ann")
	return []Placement{
		p("the owner gives a row away", ann, "projects", "p", nil, ownedBy("bob")),
		p("who has Share takes it", ann, "projects", "r", nil, ownedBy("ann")),
		p("who has no Share does not", ann, "projects", "q", toForbid(), ownedBy("ann")),
		p("a scope without Share", scoped(ann, scope{"projects": fAll &^ fS}), "projects", "p", toForbid(), ownedBy("bob")),
		p("to null", ann, "projects", "p", toRefuse(), ownedBy("")),
		p("to Root", ann, "projects", "p", toRefuse(), ownedByID(root.ID)),
		p("to System", ann, "projects", "p", toRefuse(), ownedByID(system.ID)),
		p("to Template", ann, "projects", "p", toRefuse(), ownedByID(joinery.WellKnownIDs().Template)),
		p("to null by System", system, "projects", "p", nil, ownedBy("")),
		p("to Template by Root", root, "projects", "p", nil, ownedByID(joinery.WellKnownIDs().Template)),
		p("with public Share", nobody, "polls", "poll", nil, ownedBy("bob")),
	}
}

// treePlacements are cycles of inherited self-references.
func treePlacements() []Placement {
	w := newScene(
		row("folders", "a", ownedBy("ann")), row("folders", "b", ownedBy("ann"), ref("parent_id", "a")), row("folders", "c", ownedBy("ann"), ref("parent_id", "b")),
		row("folders", "d", ownedBy("ann")), row("folders", "gone", ref("parent_id", "d"), deletedRow), row("folders", "below", ownedBy("ann"), ref("parent_id", "gone")),
		row("folders", "x", ownedBy("ann"), ref("parent_id", "y")), row("folders", "y", ownedBy("ann"), ref("parent_id", "x")),
		row("boxes", "k", createdBy("ann")), row("boxes", "l", createdBy("ann"), ref("link_id", "k")))
	p := func(name, table, row string, a joinery.Actor, want *Refusal, column, to string) Placement {
		return changes("cycles", name, w, a, table, row, want, ref(column, to))
	}
	ann := user("ann")
	return []Placement{
		p("under another branch", "folders", "c", ann, nil, "parent_id", "d"),
		p("under one's grandparent", "folders", "c", ann, nil, "parent_id", "a"),
		p("under oneself", "folders", "a", ann, toRefuse(), "parent_id", "a"),
		p("under one's child", "folders", "a", ann, toRefuse(), "parent_id", "b"),
		p("under one's grandchild", "folders", "a", ann, toRefuse(), "parent_id", "c"),
		p("a deleted row between", "folders", "d", ann, toRefuse(), "parent_id", "below"),
		p("Root neither", "folders", "a", root, toRefuse(), "parent_id", "c"),
		p("under a cycle that is there already", "folders", "d", ann, nil, "parent_id", "x"),
		p("by two references", "boxes", "k", ann, toRefuse(), "parent_id", "l"),
		p("by two references in one direction", "boxes", "l", ann, nil, "parent_id", "k"),
	}
}
