package registry_test

import (
	"fmt"
	"reflect"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

type CreateVolume struct {
	Title   string    `json:"title"`
	ShelfID uuid.UUID `json:"shelf_id"`
}

// A layer of one's own over the registry, an importer say, records what it
// takes as crud.New and rest do: a form that sends what no caller may set is
// told at once.
func ExampleRegistry_SetForms() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	volumes := registry.MustAdd[Volume](reg)
	if err := reg.SetForms(volumes, reflect.TypeFor[CreateVolume](), nil); err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range volumes.Form(reflect.TypeFor[CreateVolume]()).Fields {
		fmt.Println(f.JSON, "is a", f.Column.Kind)
	}

	type Forged struct {
		Version int64 `json:"version"`
	}
	fmt.Println(reg.SetForms(volumes, reflect.TypeFor[Forged](), nil) != nil)
	// Output:
	// title is a text
	// shelf_id is a uuid
	// true
}

// A filter that is no column: the schema, the lists of a REST resource and
// their document know it from here. (crud.New records those of its Options.)
func ExampleRegistry_SetSearch() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	volumes := registry.MustAdd[Volume](reg)
	err := reg.SetSearch(volumes, "overdue", registry.SearchField{Doc: "Lent for more than a month.", Example: "true"})
	fmt.Println(volumes.Search["overdue"].Doc, err)
	fmt.Println(reg.SetSearch(volumes, "title", registry.SearchField{}) != nil) // a column has the name
	// Output:
	// Lent for more than a month. <nil>
	// true
}

// What a package makes once for each registry stands in the registry, not in a
// variable of the package.
func ExampleRegistry_Shared() {
	type key struct{} // of this package alone
	counters := func(reg *registry.Registry) map[string]int {
		return reg.Shared(key{}, func() any { return map[string]int{} }).(map[string]int)
	}
	a, b := registry.New(nil), registry.New(nil)
	counters(a)["volumes"]++
	counters(a)["volumes"]++
	fmt.Println(counters(a)["volumes"], counters(b)["volumes"])
	// Output: 2 0
}

// What passes permissions on to a row, as perm reads it: the references that
// are marked so.
func ExampleModel_Inherits() {
	type Page struct {
		registry.Entity
		VolumeID registry.Ref[Volume] `json:"volume_id" ref:"volumes,cascade,inherit"`
		ScanOfID registry.Ref[Volume] `json:"scan_of_id" ref:"volumes,restrict"`
	}
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	pages := registry.MustAdd[Page](reg)
	fmt.Println(reg.Validate())
	for _, c := range pages.Inherits() {
		fmt.Println(c.JSON, "passes on the permissions of", c.Ref.Target.Table)
	}
	fmt.Println(pages.Registry() == reg)
	// Output:
	// <nil>
	// volume_id passes on the permissions of volumes
	// true
}
