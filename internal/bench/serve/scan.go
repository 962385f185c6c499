package serve

// scanned is a row that is read column by column.
type scanned[T any] interface {
	placed[T]
	into(dest []any) []any // dest with the places of the columns
	done()                 // completes what was read
}

// widest is the number of columns of the widest row.
const widest = 14

// scanOne reads the row of a statement that gives one.
func scanOne[T any, P scanned[T]](row interface{ Scan(dest ...any) error }) (*T, error) {
	v := P(new(T))
	err := row.Scan(v.into(make([]any, 0, widest))...)
	v.done()
	return v, err
}

// scanPage reads the rows of a list into a slice that is large enough. It
// leaves rows to be closed by the caller.
func scanPage[T any, P scanned[T]](l listing, rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}) (page[T], error) {
	items, dest := make([]T, 0, l.shape.limit+1), make([]any, 0, widest)
	for rows.Next() {
		items = items[:len(items)+1]
		v := P(&items[len(items)-1])
		if err := rows.Scan(v.into(dest)...); err != nil {
			return page[T]{}, err
		}
		v.done()
	}
	return pageOf[T, P](l, items), rows.Err()
}
