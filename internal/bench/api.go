package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
)

// What differs between the servers' APIs: PocketBase has paths and parameters
// of its own, pages by number, and no versions.

func (p *process) isPocket() bool { return p.name == "pocketbase" }

// notePath is where one note is; without an id, where all are.
func (p *process) notePath(id string) string {
	path := "/v1/notes"
	if p.isPocket() {
		path = "/api/collections/notes/records"
	}
	if id != "" {
		path += "/" + id
	}
	return path
}

// listTarget is a list's path and query. after is what the page before gave.
func (p *process) listTarget(o dataset.Order, limit int, after string) string {
	v := url.Values{}
	if p.isPocket() {
		v.Set("perPage", strconv.Itoa(limit))
		v.Set("skipTotal", "1")
		v.Set("sort", "-id")
		if o == dataset.Changed {
			v.Set("sort", "-updated,-id")
			v.Set("filter", "status='"+dataset.Done+"'")
		}
		if after != "" {
			v.Set("page", after)
		}
		return p.notePath("") + "?" + v.Encode()
	}
	v.Set("limit", strconv.Itoa(limit))
	if o == dataset.Changed {
		v.Set("sort", "-updated_at")
		v.Set("status", dataset.Done)
	}
	if after != "" {
		v.Set("after", after)
	}
	return p.notePath("") + "?" + v.Encode()
}

// taskTarget is the list of the newest tasks.
func (p *process) taskTarget(limit int, after string) string {
	v := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		v.Set("after", after)
	}
	return "/v1/tasks?" + v.Encode()
}

// answered is a page as far as anybody looks at it.
type answered struct {
	Items []struct {
		ID uuid.UUID `json:"id"`
	} `json:"items"`
	Next string `json:"next"`
	Page int    `json:"page"`
}

// fetch is the ids of a page, and what leads to the next one, if there may be
// one.
func (p *process) fetch(c dataset.Caller, target string, limit int) (ids []uuid.UUID, next string, err error) {
	body, err := load.Get(p.addr, target, c.ID().String())
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", p.name, err)
	}
	var a answered
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, "", fmt.Errorf("%s: GET %s: %w", p.name, target, err)
	}
	for _, item := range a.Items {
		ids = append(ids, item.ID)
	}
	if p.isPocket() && len(ids) == limit {
		a.Next = strconv.Itoa(a.Page + 1)
	}
	return ids, a.Next, nil
}

// newTitle is the title of all notes that are created.
const newTitle = "Created by the benchmark"

// createBody is a new note of the caller in the team.
func (p *process) createBody(c dataset.Caller, team int) []byte {
	body := map[string]any{"title": newTitle, "body": longText, "status": "open", "priority": 2}
	if p.isPocket() {
		body["user"], body["team"] = c.ID(), dataset.TeamID(team)
	} else {
		body["team_id"] = dataset.TeamID(team)
	}
	text, _ := json.Marshal(body) // of strings and numbers
	return text
}

const longText = "The body of a note that the benchmark creates: as long as those that were there before it, which is some two hundred bytes, so that what it costs to write it and to send it back is the same for each."
