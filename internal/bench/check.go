package main

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/internal/bench/dataset"
)

// check compares the pages of every server with what the callers may see, and
// returns at the first difference. Of long lists it looks at the first pages
// only.
func (w *world) check(pages int) error {
	for _, p := range w.servers {
		for _, c := range dataset.Callers() {
			for _, o := range []dataset.Order{dataset.Newest, dataset.Changed} {
				want := w.data.Visible(c, o)
				if p.name == "open" {
					want = w.data.Live(o)
				}
				if err := p.walk(c, want, pages, 50, func(after string) string { return p.listTarget(o, 50, after) }); err != nil {
					return err
				}
			}
		}
		if err := w.checkTasks(p, pages); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) checkTasks(p *process, pages int) error {
	if !p.hasTasks() {
		return nil
	}
	for _, c := range dataset.ProjectCallers() {
		if err := p.walk(c, w.data.VisibleTasks(c), pages, 50, func(after string) string { return p.taskTarget(50, after) }); err != nil {
			return err
		}
	}
	return nil
}

// hasTasks tells servers that serve the second data set, with permissions.
func (p *process) hasTasks() bool {
	return slices.Contains([]string{"joinery", "hand", "or", "joinery-sqlite"}, p.name)
}

// walk compares up to so many pages of a list.
func (p *process) walk(c dataset.Caller, want []uuid.UUID, pages, limit int, target func(after string) string) error {
	after := ""
	for page := range pages {
		got, next, err := p.fetch(c, target(after), limit)
		if err != nil {
			return err
		}
		expected := want[:min(limit, len(want))]
		if !slices.Equal(got, expected) {
			return fmt.Errorf("%s: page %d of %s for %s has other rows than it should: %s", p.name, page+1, target(after), c, firstDifference(got, expected))
		}
		want = want[len(expected):]
		if (next != "") != (len(want) > 0) && !p.isPocket() {
			return fmt.Errorf("%s: page %d of %s for %s leads on: %v, although %d rows follow", p.name, page+1, target(after), c, next != "", len(want))
		}
		if next == "" {
			return nil
		}
		after = next
	}
	return nil
}

func firstDifference(got, want []uuid.UUID) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Sprintf("%d rows instead of %d", len(got), len(want))
		case i >= len(want):
			return fmt.Sprintf("%d rows instead of %d, the first too many is %s", len(got), len(want), got[i])
		case got[i] != want[i]:
			return fmt.Sprintf("row %d is %s instead of %s", i+1, got[i], want[i])
		}
	}
	return "none"
}
