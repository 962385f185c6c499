package sqldb

import "context"

// Row runs a query and scans its first row; found is false, and dest is
// untouched, when there is none. Further rows are not read.
func Row(ctx context.Context, db *DB, stmt Sqlizer, dest ...any) (found bool, err error) {
	rows, err := db.Query(ctx, stmt)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := rows.Scan(dest...); err != nil {
		return false, err
	}
	rows.Close()
	return true, rows.Err()
}

// Scalar is the only column of a query's only row, and X's zero value when
// there is no row.
func Scalar[X any](ctx context.Context, db *DB, stmt Sqlizer) (X, error) {
	var x X
	_, err := Row(ctx, db, stmt, &x)
	return x, err
}

// Column is the only column of all rows, in order; nil when there are none.
func Column[X any](ctx context.Context, db *DB, stmt Sqlizer) ([]X, error) {
	rows, err := db.Query(ctx, stmt)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []X
	for rows.Next() {
		var x X
		if err := rows.Scan(&x); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}
