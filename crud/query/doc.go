// Package query is the vocabulary of reading: what to filter, how to sort,
// which page, which relations and fields. A [Query] is made in Go, or parsed
// from the URL of a list or the JSON body of a search; [Resolve] checks it
// against a model and turns its words into columns and typed values. Package
// crud makes SQL of that; this package knows no database.
//
// # Filters
//
// A filter compares fields of a model, named as in the API, by an operator
// that the field's kind has:
//
//	text            eq ne in contains starts ends, and ieq ine iin icontains istarts iends
//	number          eq ne in lt lte gt gte
//	time            eq ne in lt lte gt gte before after on
//	bool, enum, id  eq ne in
//	all             null, with true or false
//
// The operators with i fold ASCII letters. A null is different from every
// value: ne holds for it, all others but null do not. Times are RFC 3339;
// before, after and on also take a date alone, which is that day in UTC: after
// a day begins when the day ends. A list of in has at most 500 values; a
// backslash before a comma in a URL makes the comma part of a value.
//
// Fields of relations are named by dot, at most two relations deep:
// project.name, comments.author.email. Through a relation to many rows a
// comparison holds if it holds for one of them; two comparisons may be met by
// two different rows. Only related rows that the caller may see count.
//
// Comparisons combine by and, or, not, nested at most five deep, with at most
// 50 comparisons in all. A custom search field of a model takes part like a
// field with the operator eq; its value reaches the app as a string.
//
// # In a URL
//
//	?title.contains=ship&priority.gte=3&sort=-priority&include=project&fields=id,title&limit=50&after=CURSOR
//
// A parameter is field.operator, or the field alone for eq. What ends in the
// name of an operator is read as one: a field of a relation called in or null,
// and a field called sort, limit, after, before, include, fields, deleted or
// count, needs its .eq. Every parameter must hold, also one that is given
// twice. There is no or and no not in URLs: the JSON form has them.
//
// # In JSON
//
//	{
//	  "filter": {
//	    "title": {"contains": "ship", "ne": "shipped"},
//	    "status": "open",
//	    "or": [{"priority": {"gte": 3}}, {"project.name": {"starts": "A"}}],
//	    "not": {"due_at": {"null": true}}
//	  },
//	  "sort": ["-priority"], "limit": 50, "after": "CURSOR",
//	  "include": ["project"], "fields": ["id", "title"], "count": "capped", "deleted": true
//	}
//
// All entries of an object must hold. The names and, or, not are never fields
// here.
//
// # Pages
//
// Without sort keys the newest rows come first. A sort is one sortable field or
// an order of several that the model declares, or exactly the reverse. It is
// always completed by id in the direction of its last key, so that rows with
// the same values come oldest first ascending, newest first descending, and the
// reverse is the reverse in them too. Nulls come first ascending and last descending. A
// page begins after or before a cursor, which the page next to it named: an
// opaque text that carries the sort values of one row and is good only for the
// same model, filter and sort. It holds no secret and confers no right. It
// carries texts whole, so a text column that is declared sortable should have
// a maximum length well below the 8 KiB of a URL.
//
// # Aggregates
//
// An [Aggregate] is a part of what is computed over the rows of a query, or a
// key to group them by; [ResolveAggregate] checks them, [Group] is the answer.
// Which functions a field has depends on its kind:
//
//	integer, floating point, decimal  group count count_distinct sum avg min max
//	text, time                        group count count_distinct min max
//	bool, enum, id, actions           group count count_distinct
//	JSON, bytes                       count
//
// Keys may be fields of related rows by dot, as in filters, but each relation
// must lead to one row. Times may be cut to the day, month or year in UTC.
//
// # Errors
//
// Whatever is wrong with a query is one *joinery.Error of kind Malformed and
// code bad_query, with a field error for each problem that names the parameter
// or the place in the JSON and says what would be right. Columns that are
// hidden or write-only are unknown here like any name that does not exist.
//
// # Sharing
//
// The zero [Query] asks for the first page of everything. Queries, filters and
// what is resolved of them are values that nothing here changes: they may be
// shared once they are made.
package query
