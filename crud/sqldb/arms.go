package sqldb

// Arms is a condition on the rows of a table, taken apart into ways to reach
// them: a row meets the condition when it meets Open and is in one of the arms.
// Each arm is one that an index serves, where the condition as a whole is an OR
// that none does; so the first rows in some order are the first of those that
// each arm gives.
type Arms struct {
	*ArmsText
	Values []any // by slot, of all fragments
	Of     any   // whose condition they are: who has them from another one must say so here, or they are not used
}

// ArmsText is the text of an [Arms]. It must not be changed once it is shared;
// whoever caches by it compares the pointer.
type ArmsText struct {
	// With are the tables that the fragments name, each of which may name
	// itself and those before it. They stand in one WITH RECURSIVE.
	With []Fragment
	// Where is the condition whole, over With.
	Where Fragment
	// Open is what the rows of each arm must meet.
	Open Fragment
	// Many is a condition on no row, over With: that the arms have so many
	// keys that looking at some rows in the list's order may be quicker.
	Many Fragment
	// Wide is one that implies Many: that they have so many keys, each of
	// which is looked up, that looking at ten times as many rows may be.
	Wide Fragment
	// Arms are at least one.
	Arms []Arm
}

// Arm is the rows whose column has one of the keys.
type Arm struct {
	Column  string   // the row's; empty: all rows that meet And
	Keys    Fragment // a SELECT of one column named id, over With
	And     Fragment // what the rows must meet beside; no text: nothing
	Few     bool     // there is never more than a handful of keys
	Repeats bool     // a key may come more than once
	Ranked  bool     // an index gives the keys in their order, so that the first are had without the others
}
