package sqldb

// In is the condition that expr (text of SQL, not of a client) is one of
// values, which is a slice, or a [Slot] that will be bound to one. The list is
// one parameter, whatever its length, so the statement's text stays the same;
// an empty list matches nothing. Elements may be strings, integers, floats,
// bools, uuids, times and types made of them, or any of those in a []any.
func In(d Dialect, expr string, values any) Sqlizer { return raw{d.In(expr), []any{values}} }
