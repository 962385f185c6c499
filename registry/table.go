package registry

// Table is what a type T says of its table by a method Table() Table on T (or
// *T). The zero Table: the plural snake_case name of T, no comment, no extra
// indexes, the zero Policy.
type Table struct {
	// Name is the table's; empty: plural snake_case of the Go type's name. It
	// has at most 63 bytes, no question mark, and does not begin with p_, which
	// is how the names of the tables within statements of crud and perm begin.
	Name    string
	Comment string // what a row is, for the schema and the API document
	Was     string // the table's former name, from which a migration renames it
	Indexes []Index
	Unique  []Unique

	// Sorts declares sort orders beyond the sortable tags, for columns of
	// mixins and for several keys together: "updated_at", "status,-priority".
	// Each is several indexes: see [Registry.Indexes].
	Sorts []string

	// Policy is the model's own part of the permission rules.
	Policy Policy
}

// Index is an index beyond those that follow from references, policy and
// sorts. On models with SoftDelete it holds live rows only.
type Index struct {
	Columns []string // column names, "-name" for descending
	Name    string   // empty: made from table and columns
}

// Unique is a key that no two live rows share. Rows with a null in it do not
// collide.
type Unique struct {
	Columns []string

	// Global must be set for a key without user_id or team_id: its Conflict
	// tells a caller that a row exists that it may not see.
	Global bool
}

// Tabler is implemented by entity types that describe their table.
type Tabler interface {
	Table() Table
}
