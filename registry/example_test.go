package registry_test

import (
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

type Shelf struct {
	registry.Entity
	registry.Named
	Volumes []Volume `json:"volumes,omitzero" rel:"volumes.shelf_id"`
}

type Volume struct {
	registry.Entity
	registry.SoftDelete
	Title   string              `json:"title" validate:"required,max=80" sortable:"true"`
	Format  string              `json:"format" validate:"oneof=paper film" default:"paper"`
	ShelfID registry.Ref[Shelf] `json:"shelf_id" ref:"shelves,restrict"`
	Shelf   *Shelf              `json:"shelf,omitzero" rel:"shelf_id"`
}

// Two entities, and what the registry knows of them.
func Example() {
	reg := registry.New(nil)
	registry.MustAdd[Volume](reg)
	registry.MustAdd[Shelf](reg)
	if err := reg.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	order, _ := reg.Order()
	for _, m := range order {
		fmt.Println(m.Name, "is kept in", m.Table)
	}
	volume := reg.Model("volumes")
	fmt.Println("kind of format:", volume.Field("format").Kind, volume.Field("format").Enum)
	fmt.Println("shelf_id refers to", volume.Field("shelf_id").Ref.Target.Table)
	fmt.Println("title of a row:", volume.RowOf(&Volume{Title: "Persuasion"}).Value("title"))
	// Output:
	// Shelf is kept in shelves
	// Volume is kept in volumes
	// kind of format: enum [paper film]
	// shelf_id refers to shelves
	// title of a row: Persuasion
}

// A mistake in a struct is reported with its type and field.
func ExampleRegistry_Validate() {
	type Loan struct {
		registry.Entity
		VolumeID registry.Ref[Volume] `json:"volume_id" ref:"volums"`
	}
	reg := registry.New(nil)
	registry.MustAdd[Loan](reg)
	fmt.Println(reg.Validate())
	// Output:
	// registry: registry_test.Loan.VolumeID refers to table "volums", which no model of the registry has: add the model, or name the table in Options.ExternalTables
}

func ExampleRegistry_DDL() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	statements, err := reg.DDL(dialect("sqlite"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(statements[0])
	for _, s := range statements {
		if strings.Contains(s, "title") && strings.HasPrefix(s, "CREATE INDEX") {
			fmt.Println(s)
		}
	}
	// Output:
	// CREATE TABLE "shelves" (
	//   "id" TEXT NOT NULL,
	//   "created_at" DATETIME NOT NULL,
	//   "created_by_id" TEXT,
	//   "version" INTEGER NOT NULL DEFAULT 1,
	//   "name" TEXT NOT NULL,
	//   CONSTRAINT "shelves_pkey" PRIMARY KEY ("id")
	// )
	// CREATE INDEX "volumes_created_by_id_title_id_idx_3d1c7eaa" ON "volumes" ("created_by_id", "title", "id") WHERE "deleted_at" IS NULL
	// CREATE INDEX "volumes_title_id_idx_cab6d861" ON "volumes" ("title", "id") WHERE "deleted_at" IS NULL
}

func ExampleRegistry_JSONSchema() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	set := registry.NewComponents("#/components/schemas/")
	ref, err := reg.JSONSchema(reg.Model("volumes"), registry.SchemaEntity, &registry.SchemaOptions{Components: set})
	if err != nil {
		fmt.Println(err)
		return
	}
	volume := set.Schemas()["Volume"]["properties"].(registry.Schema)
	fmt.Println(ref)
	fmt.Println(volume["title"])
	fmt.Println(volume["shelf"])
	fmt.Println(len(set.Schemas()), "schemas")
	// Output:
	// map[$ref:#/components/schemas/Volume]
	// map[examples:[Ship it] maxLength:80 minLength:1 type:string]
	// map[$ref:#/components/schemas/Shelf readOnly:true]
	// 2 schemas
}
