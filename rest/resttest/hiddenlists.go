package resttest

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/rest"
)

// hiding is what must not be found in lists.
type hiding struct {
	ids     []string
	secrets []string // texts that only the hidden rows have
}

// hiddenFromLists asks for lists and searches in every way, as the stranger and
// where the resource is closed as nobody, and expects nothing of hidden rows in
// the answers, and no count that has them. Below a parent that is hidden too
// there is no list at all.
func (s *suite[T, C, U]) hiddenFromLists() {
	stranger := s.stranger()
	if !s.can(rest.List) && !s.can(rest.Search) {
		s.t.Skip("there are neither lists nor searches")
	}
	s.Create(1) // what it makes besides must be there before
	s.Create(2)
	plain := s.plainQuestions()
	before := s.askAll(stranger, plain)
	rows := []row{s.create(1), s.create(2)}
	after := s.askAll(stranger, plain)
	for i := range before {
		if was := neutral(before[i], missingID); neutral(after[i], missingID) != was {
			after[i].fail("a hidden row changed the list, which was\n%s", was)
		}
	}
	h := s.hiding(rows, before)
	about := s.questionsAbout(rows[0])
	for _, a := range slices.Concat(after, s.askAll(stranger, about)) {
		s.shows(h, a)
	}
	s.turnsPages(h, stranger)
	s.asksAsNobody(slices.Concat(plain, about))
}

// ask are the answers to a question, by the list and by the search.
func (s *suite[T, C, U]) ask(api *API, q question) (answers []*Answer) {
	for _, op := range []rest.Operation{rest.List, rest.Search} {
		if s.can(op) {
			answers = append(answers, s.askBy(api, op, q))
		}
	}
	return answers
}

func (s *suite[T, C, U]) askBy(api *API, op rest.Operation, q question) *Answer {
	if op == rest.Search {
		return api.Post(s.Path+"/search", q.search())
	}
	return api.Get(s.Path + q.url())
}

func (s *suite[T, C, U]) askAll(api *API, list []question) (answers []*Answer) {
	for _, q := range list {
		answers = append(answers, s.ask(api, q)...)
	}
	return answers
}

// shortest is how long a text must be to be taken for a secret: a shorter one
// may be in an answer by chance.
const shortest = 6

// hiding is what the rows alone have: their ids, and the texts that differ
// between them and were in no answer before.
func (s *suite[T, C, U]) hiding(rows []row, before []*Answer) (h hiding) {
	for i, r := range rows {
		h.ids = append(h.ids, r.id)
		for name, value := range r.members {
			text := textOf(value)
			known := func(a *Answer) bool { return bytes.Contains(a.Body(), []byte(text)) }
			asWritten := string(value) == `"`+text+`"` // no escapes, so that an answer has it as it is
			if asWritten && len(text) >= shortest && !bytes.Equal(value, rows[1-i].members[name]) && !slices.ContainsFunc(before, known) {
				h.secrets = append(h.secrets, text)
			}
		}
	}
	return h
}

// shows fails where the answer shows something hidden. What the request has
// said itself may be repeated, but for rows.
func (s *suite[T, C, U]) shows(h hiding, a *Answer) (p page) {
	asked := a.x.request()
	for _, secret := range h.secrets {
		if bytes.Contains(a.Body(), []byte(secret)) && !strings.Contains(asked, secret) {
			a.fail("the list shows %q of a hidden row", secret)
		}
	}
	if a.Code() != http.StatusOK {
		return p
	}
	a.JSON(&p)
	for _, id := range s.ids(p) {
		if slices.Contains(h.ids, id) {
			a.fail("the list shows the hidden row %s", id)
		}
	}
	if whole := p.Next == "" && p.Prev == ""; whole && p.Total != nil && *p.Total != int64(len(p.Items)) {
		a.fail("the list has %d rows, but counts %d", len(p.Items), *p.Total)
	}
	return p
}

// request is what an exchange asked for, as text.
func (x Exchange) request() string {
	text := x.URL.Path
	if query, err := url.QueryUnescape(x.URL.RawQuery); err == nil {
		text += "?" + query
	}
	return text + string(x.RequestBody)
}

// mostPages is how far a list is followed.
const mostPages = 20

// turnsPages follows the stranger's lists in each order, and goes on where a
// page of the rows' owner ends.
func (s *suite[T, C, U]) turnsPages(h hiding, stranger *API) {
	for _, order := range append(s.sorts(), "") {
		for _, op := range []rest.Operation{rest.List, rest.Search} {
			if !s.can(op) {
				continue
			}
			q := question{sort: order, limit: 2, count: "exact"}
			for range mostPages {
				p := s.shows(h, s.askBy(stranger, op, q))
				if q.after = p.Next; p.Next == "" {
					break
				}
			}
			var owners page
			q = question{sort: order, limit: 1}
			s.askBy(s.API, op, q).Status(http.StatusOK).JSON(&owners)
			s.shows(h, s.askBy(stranger, op, question{sort: order, after: owners.Next}))
			s.shows(h, s.askBy(stranger, op, question{sort: order, before: owners.Next}))
		}
	}
}

// asksAsNobody expects 401 for each question, where the document does not call
// the route public.
func (s *suite[T, C, U]) asksAsNobody(list []question) {
	if s.API.doc == nil {
		return
	}
	nobody := s.API.As(Nobody())
	for _, op := range []rest.Operation{rest.List, rest.Search} {
		doc, ok := s.documented(op)
		if !ok || public(doc.get("security")) {
			continue
		}
		for _, q := range list {
			s.askBy(nobody, op, q).Status(http.StatusUnauthorized).problem()
		}
	}
}
