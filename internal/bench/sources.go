package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
)

// sources are the requests of a measure, for so many workers.
func (w *world) sources(p *process, m measure, workers int) ([]load.Source, error) {
	switch m.what {
	case getOne:
		return w.gets(p, m.caller, workers), nil
	case create:
		request := load.Request(http.MethodPost, p.notePath(""), m.caller.ID().String(), p.createBody(m.caller, dataset.MidTeam))
		want := http.StatusCreated
		if p.isPocket() {
			want = http.StatusOK
		}
		return repeated(workers, want, request), nil
	case patch:
		return w.patches(p, m.caller, workers)
	}
	target, err := w.target(p, m)
	if err != nil {
		return nil, err
	}
	return repeated(workers, http.StatusOK, load.Request(http.MethodGet, target, m.caller.ID().String(), nil)), nil
}

// target is the list that a measure asks for.
func (w *world) target(p *process, m measure) (string, error) {
	switch m.what {
	case listNewest:
		return p.listTarget(dataset.Newest, 50, ""), nil
	case listSorted:
		return p.listTarget(dataset.Changed, 50, ""), nil
	case listTasks:
		return p.taskTarget(50, ""), nil
	case listCursor:
		return w.cursorTarget(p, m.caller, min(len(w.visible(m.caller))/2, deepPage*50))
	case listDeep:
		return w.cursorTarget(p, m.caller, deepPage*50)
	}
	return "", fmt.Errorf("there is no measure %q", m.what)
}

// deepPage is how many pages precede the deep one.
const deepPage = 999

// cursorTarget is the page behind so many rows, to which it goes in the largest
// steps there are, and once for each caller and depth.
func (w *world) cursorTarget(p *process, c dataset.Caller, rows int) (string, error) {
	k := depth{p.name, c, rows}
	if target, ok := w.deep[k]; ok {
		return target, nil
	}
	if p.isPocket() { // by number
		w.deep[k] = p.listTarget(dataset.Newest, 50, strconv.Itoa(rows/50+1))
		return w.deep[k], nil
	}
	after := ""
	for rows > 0 {
		limit := min(rows, 1000)
		_, next, err := p.fetch(c, p.listTarget(dataset.Newest, limit, after), limit)
		if err != nil {
			return "", err
		}
		after, rows = next, rows-limit
	}
	w.deep[k] = p.listTarget(dataset.Newest, 50, after)
	return w.deep[k], nil
}

// depth is a place in a caller's list.
type depth struct {
	server string
	caller dataset.Caller
	rows   int
}

// same sends its requests one after the other, again and again.
type same struct {
	requests [][]byte
	at       int
	status   int
}

func repeated(workers, status int, requests ...[]byte) []load.Source {
	all := make([]load.Source, workers)
	for i := range all {
		all[i] = &same{requests: requests, at: i * len(requests) / workers, status: status}
	}
	return all
}

func (s *same) Next() []byte {
	r := s.requests[s.at]
	s.at = (s.at + 1) % len(s.requests)
	return r
}

func (s *same) Answered(status int, body []byte) error {
	if status != s.status {
		return fmt.Errorf("the status is %d: %s", status, body)
	}
	return nil
}

// gets ask for one row each, from all over what the caller may see.
func (w *world) gets(p *process, c dataset.Caller, workers int) []load.Source {
	var requests [][]byte
	for _, id := range spread(w.visible(c), 1000) {
		requests = append(requests, load.Request(http.MethodGet, p.notePath(id.String()), c.ID().String(), nil))
	}
	return repeated(workers, http.StatusOK, requests...)
}

// spread are at most n of the ids, at equal distances.
func spread(ids []uuid.UUID, n int) []uuid.UUID {
	n = min(n, len(ids))
	some := make([]uuid.UUID, n)
	for i := range some {
		some[i] = ids[i*len(ids)/n]
	}
	return some
}

// changes are the changes of one worker: of rows that no other changes, each
// by the version that the last answer told.
type changes struct {
	p        *process
	caller   string
	ids      []string
	versions []int64
	at, no   int
}

// patched is how many rows a worker changes in turn.
const patched = 100

func (w *world) patches(p *process, c dataset.Caller, workers int) ([]load.Source, error) {
	ids := spread(w.editable(c), patched*workers)
	workers = min(workers, len(ids))
	all := make([]load.Source, workers)
	for i := range all {
		s := &changes{p: p, caller: c.ID().String()}
		for at := i; at < len(ids); at += workers {
			s.ids = append(s.ids, ids[at].String())
		}
		if err := s.look(); err != nil {
			return nil, err
		}
		all[i] = s
	}
	return all, nil
}

// look asks for the rows' versions.
func (s *changes) look() error {
	s.versions = make([]int64, len(s.ids))
	if s.p.isPocket() {
		return nil
	}
	conn, err := load.Dial(s.p.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	for i, id := range s.ids {
		status, body, err := conn.Do(load.Request(http.MethodGet, s.p.notePath(id), s.caller, nil))
		if err != nil {
			return err
		}
		if s.versions[i], err = versionOf(status, body); err != nil {
			return err
		}
	}
	return nil
}

func (s *changes) Next() []byte {
	s.no++
	body := []byte(`{"title":"Changed by the benchmark for the ` + strconv.Itoa(s.no) + `th time"}`)
	return load.Request(http.MethodPatch, s.p.notePath(s.ids[s.at]), s.caller, body, "If-Match", `"`+strconv.FormatInt(s.versions[s.at], 10)+`"`)
}

func (s *changes) Answered(status int, body []byte) (err error) {
	if s.p.isPocket() {
		if status != http.StatusOK {
			err = fmt.Errorf("the status is %d: %s", status, body)
		}
	} else {
		s.versions[s.at], err = versionOf(status, body)
	}
	s.at = (s.at + 1) % len(s.ids)
	return err
}

// versionOf reads the version out of a row.
func versionOf(status int, body []byte) (int64, error) {
	const name = `"version":`
	if status != http.StatusOK {
		return 0, fmt.Errorf("the status is %d: %s", status, body)
	}
	_, rest, ok := bytes.Cut(body, []byte(name))
	end := bytes.IndexAny(rest, ",}")
	if !ok || end < 0 {
		return 0, fmt.Errorf("the row has no version: %s", body)
	}
	return strconv.ParseInt(string(rest[:end]), 10, 64)
}
