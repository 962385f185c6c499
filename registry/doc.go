// Package registry reads entity structs once and tells every other package
// what they are: tables, columns, relations, policies, input forms.
//
// An entity is a plain struct. Mixins give it the usual columns, tags say the
// rest, and an optional method Table describes the table as a whole:
//
//	type Note struct {
//		registry.Entity     // id, created_at, created_by_id, version
//		registry.SoftDelete // deleted_at, deleted_by_id
//		registry.InTeam     // team_id
//		Title     string                `json:"title" validate:"required,max=200" sortable:"true" doc:"Headline."`
//		Status    Status                `json:"status" validate:"oneof=open done" default:"open"`
//		ProjectID registry.Ref[Project] `json:"project_id" ref:"projects,cascade,inherit"`
//		Project   *Project              `json:"project,omitzero" rel:"project_id"`
//		Comments  []Comment             `json:"comments,omitzero" rel:"comments.note_id"`
//	}
//
//	reg := registry.New(nil)
//	registry.MustAdd[Note](reg)
//	…
//	err := reg.Validate() // every problem at once; from here on nothing changes
//
// # Tags
//
//	json        name in the API, as encoding/json reads it; "-" for hidden columns
//	db          name of the column (default: the json name, else snake_case); "-" for no column
//	type        decimal(12,2) on a string, or the SQL type on every database
//	default     what a new row has where nothing is given
//	validate    rules of go-playground/validator; oneof makes a string an enum
//	unique      "true,global": no two live rows share it; keys per owner or team stand in Table.Unique
//	index       "true": an index of its own
//	sortable    "true"; "status,-priority" for several keys; semicolons between orders
//	api         readonly, writeonly or hidden (which needs json:"-" too)
//	ref         target table or self (of a Ref[X] it may be left out), then restrict (default), cascade or setnull; inherit; view
//	rel         the column of this table (one row), or table.column of the other (many)
//	role        id, version, owner, team, created_at, created_by, … where no mixin says so; "none"
//	doc, example, deprecated, was
//
// A pointer makes a column nullable. Columns hold strings, bools, integers up
// to int64, floats, time.Time, uuid.UUID, [Ref], []byte, and anything else
// that encoding/json writes, as JSON.
//
// # Existing tables
//
// T may map any table whose key is a UUID. Without the mixins the columns get
// their meaning by the tag role, never by their name alone; a column renamed to
// the JSON name user_id, team_id, deleted_at or the like must say one, or
// role:"none". What a table lacks is switched off: without a version updates
// are not checked for staleness, without deleted_at rows are deleted for good,
// without an owner column the creator owns the row. A table whose name begins
// with p_ cannot be mapped: see [Table].
//
// # Attached fields
//
// An extension adds fields to an entity that it does not own by a struct of
// its own, which [Attach] makes a relation of the other model:
//
//	type Billing struct {
//		registry.Side[notes.Note] // id (that of the note), created_at, version
//		registry.SoftDelete       // because notes have it
//		Plan string `json:"plan" validate:"oneof=free gold" default:"free"`
//	}
//
//	err := registry.Attach[notes.Note, Billing](reg, nil)
//
// Billing is a model like any other, with a table and a manager. Its id is the
// note's, from which it inherits permissions, and with which it is deleted.
// Notes have a relation billing to include and to filter by; [Attached] reads
// it from a note. A model that nobody attaches to pays one pointer per row.
//
// # Forms
//
// What callers may send to create or change a row are structs of their own,
// recorded by [Registry.SetForms]. Their fields are columns by JSON name and
// inherit the rules that stand on T.
//
// # What follows from a registry
//
// [Registry.DDL] writes tables and indexes for PostgreSQL, SQLite and MariaDB;
// [Registry.Tables] and [Registry.Indexes] are the same as data. Owner, creator
// where the owner may be null, team and each reference have an index; each
// declared order has one, and one more for each of these ways to a row (of the
// references, those that inherit), so that a list of crud is read in its order
// by whichever way. An insert writes every index that holds its row, some
// microseconds each, and so does an update on PostgreSQL that changes a column
// of any of them: an order by updated_at makes all updates such.
// [Registry.JSONSchema] and [Registry.TypeSchema] describe rows, inputs,
// searches and an app's own types in the dialect of OpenAPI 3.1.
// [Registry.Describe] prints the whole graph.
//
// # Sharing
//
// A [Registry] is made by [New]. Adding is for one goroutine; once it is
// validated, registry and models never change and are safe for concurrent use.
package registry
