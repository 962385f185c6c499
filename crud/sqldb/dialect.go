package sqldb

// Dialect is how one database writes SQL and takes values. Implementations are
// immutable and safe for concurrent use.
type Dialect interface {
	// Name is "postgres", "sqlite" or "mariadb".
	Name() string

	// Quote is the identifier in quotes, safe whatever it contains, except
	// that a NUL byte is left out: no database takes one.
	Quote(ident string) string

	// Placeholder is the n-th parameter, counted from 1: "$1", "?" or "+?".
	Placeholder(n int) string

	// Bind is the value that the driver is given for a Go value: pointers
	// followed, nil pointers as NULL, times in UTC and cut to microseconds (an integer on
	// SQLite), integers as int64, named types as what they are made of, uuids
	// and JSON in the database's form. Binding twice is binding once.
	Bind(v any) any

	// Has reports whether the database can do f.
	Has(f Feature) bool

	// MaxParams is how many parameters one statement may have.
	MaxParams() int

	// In is the condition that expr is in a list, with one ? for the whole
	// list; the value is a Go slice. See [In].
	In(expr string) string

	// Fold is the text expression in lower case as far as ASCII goes. What it
	// is compared with must have been through [FoldASCII].
	Fold(expr string) string

	// Match is the condition that the text expression contains, starts with
	// or ends with a text, with one ? whose value is made by Pattern with the
	// same op and fold. With fold ASCII letters match whatever their case.
	Match(op TextOp, expr string, fold bool) string

	// Pattern is the value for Match: text escaped for op.
	Pattern(op TextOp, text string, fold bool) string

	// OrderBy is a key of ORDER BY. Nulls come first ascending and last
	// descending on every database; for a key that cannot be null no clause
	// is written about them, so that a plain index matches.
	OrderBy(expr string, desc, nullable bool) string

	// Collate is the text expression compared and sorted by code point,
	// whatever its column declares.
	Collate(expr string) string
}

// Feature is something that not every database can do.
type Feature uint8

// The features a [Dialect] is asked for.
const (
	ReturningInsert     Feature = iota + 1 // INSERT … RETURNING
	ReturningUpdate                        // UPDATE … RETURNING
	ReturningDelete                        // DELETE … RETURNING
	ForUpdate                              // SELECT … FOR UPDATE; where missing, the write transaction is the lock
	Lateral                                // LATERAL joins
	PartialIndex                           // CREATE INDEX … WHERE
	Materialized                           // WITH x AS MATERIALIZED
	OnConflict                             // INSERT … ON CONFLICT DO UPDATE / DO NOTHING
	TxDDL                                  // schema changes roll back with their transaction
	ForNoKeyUpdate                         // SELECT … FOR NO KEY UPDATE, which lets others refer to the rows
	DeleteSelfReferring                    // a row whose foreign key names itself can be deleted
	AlwaysSerializable                     // every transaction is serializable, whatever it asks for
)

// TextOp is how [Dialect].Match compares.
type TextOp uint8

// The text comparisons.
const (
	Contains TextOp = iota
	Starts
	Ends
)

// FoldASCII is s with the letters A to Z in lower case and all else as it is:
// what [Dialect].Fold does inside the database.
func FoldASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			return foldFrom(s, i)
		}
	}
	return s
}

func foldFrom(s string, i int) string {
	b := []byte(s)
	for ; i < len(b); i++ {
		if c := b[i]; 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// numbered reports whether the dialect tells parameters apart by number, so
// that one can be used twice.
func numbered(d Dialect) bool { return d.Placeholder(1) != d.Placeholder(2) }
