package perm_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Drawer is a tree, each of whose rows also lies in a tree of folders.
type Drawer struct {
	registry.Entity
	ParentID *uuid.UUID            `json:"parent_id" ref:"self,inherit"`
	FolderID *registry.Ref[Folder] `json:"folder_id" ref:"folders,inherit"`
}

// Sheet inherits from a tree, and by it from another.
type Sheet struct {
	registry.Entity
	DrawerID *registry.Ref[Drawer] `json:"drawer_id" ref:"drawers,inherit"`
}

// A sheet in a drawer below one in a folder below ann's is ann's, and no
// longer when a row on the way is Root's.
func TestInheritsThroughTwoTrees(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, stranger := newID(), newID()
		top := Folder{Entity: entity(ann)}
		low := Folder{Entity: entity(stranger), ParentID: &top.ID}
		outer := Drawer{Entity: entity(stranger), FolderID: ptr(registry.To[Folder](low.ID))}
		inner := Drawer{Entity: entity(stranger), ParentID: &outer.ID}
		sheet := Sheet{Entity: entity(stranger), DrawerID: ptr(registry.To[Drawer](inner.ID))}
		insert(w, &top)
		insert(w, &low)
		insert(w, &outer)
		insert(w, &inner)
		insert(w, &sheet)

		got, err := w.e.Actions(w.as(ann), w.model("sheets"), sheet.ID)
		is.NoErr(err)
		is.Equal(got[sheet.ID], joinery.AllActions)
		is.NoErr(w.e.Check(w.as(ann), w.model("sheets"), perm.Delete, sheet.ID))
		is.True(joinery.IsKind(w.e.Check(w.as(newID()), w.model("sheets"), perm.View, sheet.ID), joinery.NotFound))

		for table, id := range map[string]uuid.UUID{"folders": low.ID, "drawers": outer.ID} { // each on the way up
			owner := func(by uuid.UUID) {
				_, err := w.db.Exec(t.Context(), sqldb.Raw("UPDATE "+table+" SET created_by_id = ? WHERE id = ?", by, id))
				is.NoErr(err)
			}
			owner(joinery.WellKnownIDs().Root)
			is.True(joinery.IsKind(w.e.Check(w.as(ann), w.model("sheets"), perm.View, sheet.ID), joinery.NotFound))
			owner(stranger)
		}
	})
}
