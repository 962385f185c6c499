package sqldb

import "database/sql"

// TxOptions are what a transaction is asked to be. The zero value is a
// transaction that writes, at READ COMMITTED or what is stricter by nature
// (SQLite is always serializable), run once.
type TxOptions struct {
	Isolation  sql.IsolationLevel // LevelDefault: READ COMMITTED
	ReadOnly   bool
	Repeatable bool
}

// TxOption is an option of [InTx].
type TxOption func(*TxOptions)

// Isolation asks for an isolation level. A database that cannot do it gives a
// stricter one or refuses. A nested transaction runs at the level of the
// outermost; asking for a stricter one there is an error.
func Isolation(level sql.IsolationLevel) TxOption {
	return func(o *TxOptions) { o.Isolation = level }
}

// ReadOnly refuses writes. On SQLite it uses a reader, and so leaves the
// writer to others.
func ReadOnly(o *TxOptions) { o.ReadOnly = true }

// Repeatable says that the function may be run again from its beginning: after
// a serialization failure, a deadlock or a lock not had in time it is, up to
// three times, after a short random wait. Inside another transaction, where
// only the whole could be repeated, it changes nothing.
func Repeatable(o *TxOptions) { o.Repeatable = true }
