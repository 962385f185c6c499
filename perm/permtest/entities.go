package permtest

import (
	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// The entities of the worlds: users, and one for each kind of policy and
// shape. [Models] says the same by hand.
type (
	// Account is the app's own users table.
	Account struct {
		registry.Entity
		registry.SoftDelete
		Title string `json:"title"`
	}

	// Project has the zero policy and stands above notes, comments, folders.
	Project struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		Title string `json:"title"`
	}

	// Note has rules of its own, and owners who need reach.
	Note struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		ProjectID  *registry.Ref[Project] `json:"project_id" ref:"projects,inherit"`
		ReviewerID *uuid.UUID             `json:"reviewer_id" ref:"users"`
		Shared     bool                   `json:"shared"`
		Rank       *int64                 `json:"rank"`
		Project    *Project               `json:"project,omitzero" rel:"project_id"`
		Comments   []Comment              `json:"comments,omitzero" rel:"comments.note_id"`
	}

	// Comment inherits by two references, and has three that pass nothing on.
	Comment struct {
		registry.Entity
		registry.SoftDelete
		NoteID    *registry.Ref[Note]    `json:"note_id" ref:"notes,inherit"`
		ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects,inherit"`
		LabelID   *registry.Ref[Label]   `json:"label_id" ref:"labels"`
		MentionID *uuid.UUID             `json:"mention_id" ref:"users"`
		WitnessID *uuid.UUID             `json:"witness_id" ref:"users,view"`
		Note      *Note                  `json:"note,omitzero" rel:"note_id"`
		Project   *Project               `json:"project,omitzero" rel:"project_id"`
	}

	// Folder is a tree that passes permissions down, and inherits from another
	// model besides.
	Folder struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		ParentID  *uuid.UUID             `json:"parent_id" ref:"self,inherit"`
		ProjectID *registry.Ref[Project] `json:"project_id" ref:"projects,inherit"`
	}

	// Box inherits from rows of its own by two references, and is never
	// soft-deleted.
	Box struct {
		registry.Entity
		ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
		LinkID   *uuid.UUID `json:"link_id" ref:"self,inherit"`
	}

	// Article is public to read.
	Article struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		Title string `json:"title"`
	}

	// Poll is public in nearly every way.
	Poll struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		Title string `json:"title"`
	}

	// Setting is a System model.
	Setting struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		Title string `json:"title"`
	}

	// Secret is a Private model; its Public actions never count.
	Secret struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		Title string `json:"title"`
	}

	// Label has neither creator nor owner.
	Label struct {
		ID uuid.UUID `json:"id" api:"readonly"`
		registry.InTeam
		Title string `json:"title"`
	}

	// Attachment inherits from models with policies, and is never soft-deleted.
	Attachment struct {
		registry.Entity
		ArticleID *registry.Ref[Article] `json:"article_id" ref:"articles,inherit"`
		SettingID *registry.Ref[Setting] `json:"setting_id" ref:"settings,inherit"`
		SecretID  *registry.Ref[Secret]  `json:"secret_id" ref:"secrets,inherit"`
		Setting   *Setting               `json:"setting,omitzero" rel:"setting_id"`
		Secret    *Secret                `json:"secret,omitzero" rel:"secret_id"`
	}
)

// Table makes accounts the users table.
func (Account) Table() registry.Table { return registry.Table{Name: "users"} }

// Table gives notes a policy with rules of its own.
func (Note) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{
		CreateUnder:     joinery.Execute,
		OwnerNeedsReach: true,
		Extra:           []registry.Extra{sharedNotes(), rankedNotes(), reviewedNotes()},
	}}
}

// Table asks other actions of whoever creates folders.
func (Folder) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{CreateInTeam: joinery.Execute | joinery.Copy, CreateUnder: joinery.Share}}
}

// Table makes articles public to read.
func (Article) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{Public: joinery.View | joinery.Copy}}
}

// Table makes polls public in nearly every way.
func (Poll) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{Public: joinery.AllActions &^ joinery.Copy}}
}

// Table makes settings a System model.
func (Setting) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{System: true, Public: joinery.Execute}}
}

// Table makes secrets a Private model.
func (Secret) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{Private: true, Public: joinery.View}}
}

func sharedNotes() registry.Extra {
	return registry.Extra{
		Name: "shared", Actions: joinery.View | joinery.Execute,
		SQL: func(alias string, _ joinery.Actor) registry.Sqlizer {
			return squirrel.Expr(alias+".shared = ?", true)
		},
		Go: func(_ joinery.Actor, r registry.Row) bool { return r.Value("shared") == true },
	}
}

// rankedNotes is null for notes without a rank: it must not hold then.
func rankedNotes() registry.Extra {
	return registry.Extra{
		Name: "ranked", Actions: joinery.Edit | joinery.Share,
		SQL: func(alias string, _ joinery.Actor) registry.Sqlizer { return squirrel.Expr(alias+".rank > ?", 2) },
		Go: func(_ joinery.Actor, r registry.Row) bool {
			rank, ok := r.Value("rank").(int64)
			return ok && rank > 2
		},
	}
}

func reviewedNotes() registry.Extra {
	return registry.Extra{
		Name: "reviewer", Actions: joinery.View | joinery.Copy,
		SQL: func(alias string, a joinery.Actor) registry.Sqlizer {
			return squirrel.Expr(alias+".reviewer_id = ?", a.ID)
		},
		Go: func(a joinery.Actor, r registry.Row) bool {
			id, ok := r.UUID("reviewer_id")
			return ok && id == a.ID
		},
	}
}
