package serve

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// listing is what a list's URL asks for.
type listing struct {
	shape  shape
	status string
	at     time.Time // the cursor: the last row's updated_at, in that order
	id     uuid.UUID // the cursor: the last row's id
}

// shape is what the text of the statement depends on.
type shape struct {
	limit   int
	updated bool // in the order of updated_at, the last first; else the newest first
	status  bool
	after   bool
}

// readListing reads limit, sort, status and after.
func readListing(r *http.Request) (l listing, ok bool) {
	l.shape.limit = 50
	if r.URL.RawQuery == "" {
		return l, true
	}
	v, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return l, false
	}
	if s := v.Get("limit"); s != "" {
		if l.shape.limit, err = strconv.Atoi(s); err != nil || l.shape.limit < 1 || l.shape.limit > 1000 {
			return l, false
		}
	}
	switch v.Get("sort") {
	case "":
	case "-updated_at":
		l.shape.updated = true
	default:
		return l, false
	}
	if l.status = v.Get("status"); l.status != "" {
		l.shape.status = true
	}
	return l.from(v.Get("after"))
}

// readTaskListing reads limit and after, which is all that the tasks' list has.
func readTaskListing(r *http.Request) (listing, bool) {
	l, ok := readListing(r)
	return l, ok && !l.shape.updated && !l.shape.status
}

// from reads the cursor.
func (l listing) from(after string) (listing, bool) {
	if after == "" {
		return l, true
	}
	l.shape.after = true
	if l.shape.updated {
		micros, id, _ := strings.Cut(after, "_")
		n, err := strconv.ParseInt(micros, 10, 64)
		if err != nil {
			return l, false
		}
		l.at, after = time.UnixMicro(n).UTC(), id
	}
	var err error
	l.id, err = uuid.Parse(after)
	return l, err == nil
}

// cursor is the one behind a row.
func (l listing) cursor(updated time.Time, id uuid.UUID) string {
	if l.shape.updated {
		return strconv.FormatInt(updated.UnixMicro(), 10) + "_" + id.String()
	}
	return id.String()
}

// page is a list's answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// placed is a row that says where in a list it is.
type placed[T any] interface {
	*T
	place() (updated time.Time, id uuid.UUID)
}

// pageOf is the page out of rows that were asked for with one more than it has,
// which tells whether another page follows.
func pageOf[T any, P placed[T]](l listing, rows []T) page[T] {
	if len(rows) <= l.shape.limit {
		return page[T]{Items: rows}
	}
	rows = rows[:l.shape.limit]
	return page[T]{Items: rows, Next: l.cursor(P(&rows[len(rows)-1]).place())}
}
