package registry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// Coin is a struct whose table a registration names, because the type cannot
// have a method Table: it stands in another package, say.
type Coin struct {
	ID    uuid.UUID           `json:"id" api:"readonly"`
	Value string              `json:"value" type:"decimal(12,2)"`
	Shelf registry.Ref[Shelf] `json:"shelf_id" ref:"shelves,restrict"`
}

// A table that exists is described beside its struct; mistakes are errors.
func ExampleAdd() {
	reg := registry.New(&registry.Options{ExternalTables: []string{"shelves"}}) // not described here
	coins, err := registry.Add[Coin](reg,
		registry.WithName("Money"),
		registry.WithTable(registry.Table{Name: "numismatics", Sorts: []string{"value"}}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(coins.Name, "is kept in", coins.Table)

	type Broken struct {
		registry.Entity
		Size complex64 `json:"size"`
	}
	_, err = registry.Add[Broken](reg)
	fmt.Println(err != nil)
	// Output:
	// Money is kept in numismatics
	// true
}

// Models are found by table, by name, by type, or as a list.
func ExampleModelOf() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	if volumes, ok := registry.ModelOf[Volume](reg); ok {
		fmt.Println(volumes.Table)
	}
	fmt.Println(reg.Model("shelves") == reg.ModelByName("Shelf"))
	fmt.Println(reg.ModelByType(reflect.TypeFor[*Shelf]()) == reg.ModelByName("Shelf"))
	for _, m := range reg.Models() {
		fmt.Println(m.Name, len(m.Columns), "columns")
	}
	// Output:
	// volumes
	// true
	// true
	// Shelf 5 columns
	// Volume 9 columns
}

// A reference is an id that knows what it names.
func ExampleTo() {
	shelf := Shelf{Entity: registry.Entity{ID: uuid.MustParse("0199d8f0-0000-7000-8000-000000000005")}}
	volume := Volume{Title: "Persuasion", ShelfID: registry.To[Shelf](shelf.ID)}
	fmt.Println(volume.ShelfID, volume.ShelfID.IsZero(), volume.ShelfID.UUID() == shelf.ID)
	// Output: 0199d8f0-0000-7000-8000-000000000005 false true
}

// The tables as data, for a tool that compares them with a live database.
func ExampleRegistry_Tables() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	tables, err := reg.Tables(dialect("postgres"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range tables {
		fmt.Println(t.Model.Table, len(t.Columns), "columns,", len(t.ForeignKeys), "foreign keys")
	}
	for _, index := range reg.Indexes(reg.Model("shelves")) {
		fmt.Println("index on", index.Columns[0].Column.Name)
	}
	fmt.Println(registry.PrimaryKeyName(reg.Model("volumes")), registry.ForeignKeyName(reg.Model("volumes").Field("shelf_id")))
	// Output:
	// shelves 5 columns, 0 foreign keys
	// volumes 9 columns, 1 foreign keys
	// index on created_by_id
	// index on created_by_id
	// index on name
	// volumes_pkey volumes_shelf_id_fkey
}

// What an app's own type looks like in an OpenAPI document, or one field of it.
func ExampleRegistry_TypeSchema() {
	type Move struct {
		To     uuid.UUID `json:"to" doc:"The shelf to move to."`
		Copies int       `json:"copies" validate:"min=1,max=20" default:"1"`
	}
	reg := registry.New(nil)
	whole, err := reg.TypeSchema(reflect.TypeFor[Move](), &registry.SchemaOptions{Input: true})
	fmt.Println(whole["$ref"], err)
	copies, err := reg.FieldSchema(reflect.TypeFor[Move]().Field(1), nil)
	fmt.Println(copies["minimum"], copies["maximum"], copies["default"], err)
	// Output:
	// #/$defs/Move <nil>
	// 1 20 1 <nil>
}

// The whole graph as one document, for people and tools.
func ExampleRegistry_Describe() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	var text bytes.Buffer
	if err := reg.Describe(&text); err != nil {
		fmt.Println(err)
		return
	}
	var graph struct {
		Models []struct{ Name, Table string }
	}
	if err := json.Unmarshal(text.Bytes(), &graph); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(graph.Models)
	// Output: [{Shelf shelves} {Volume volumes}]
}
