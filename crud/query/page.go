package query

// Page is one page of a list. Items is never nil.
type Page[T any] struct {
	Items []T
	Next  string // cursor for Query.After; empty: there is no further row
	Prev  string // cursor for Query.Before; empty: there is no row before
	Total *int64 // the count, when asked for; a capped one stops at 1,001
}
