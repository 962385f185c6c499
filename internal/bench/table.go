package main

import (
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
)

// row is one line of the table. A limit of zero is none: the figure is told and
// not judged.
type row struct {
	what     string
	asked    string
	measured string
	met      string
}

// atLeast judges a figure by its median.
func atLeast(limit float64, s load.Spread) string { return met(limit == 0, s.Median >= limit) }

// atMost judges a figure by its median.
func atMost(limit float64, s load.Spread) string { return met(limit == 0, s.Median <= limit) }

func met(told, ok bool) string {
	switch {
	case told:
		return "told"
	case ok:
		return "yes"
	}
	return "NO"
}

// asked writes a limit.
func asked(sign string, limit float64, unit string) string {
	if limit == 0 {
		return "—"
	}
	return fmt.Sprintf("%s %g%s", sign, limit, unit)
}

// rows are the table of the specification, as far as it was measured.
func (b *bench) rows() []row {
	var all []row
	all = append(all, b.ratioRows("joinery", "hand", func(measure) float64 { return 0.85 })...)
	all = append(all, b.ratioRows("joinery", "gorm", b.overGorm)...)
	all = append(all, b.ratioRows("joinery", "pocketbase", overPocket)...)
	all = append(all, b.ratioRows("joinery", "or", func(measure) float64 { return 0 })...)
	all = append(all, b.ratioRows("joinery", "open", func(measure) float64 { return 0 })...)
	all = append(all, b.flatRows("joinery", 2.5)...)
	all = append(all, b.flatRows("hand", 0)...)
	all = append(all, b.singleRows("joinery")...)
	all = append(all, b.deepRows("joinery")...)
	all = append(all, b.taskRows("joinery")...)
	all = append(all, b.ownRows()...)
	all = append(all, b.ratioRows("joinery-sqlite", "hand-sqlite", func(measure) float64 { return 0 })...)
	all = append(all, b.ratioRows("joinery-sqlite", "pocketbase", func(measure) float64 { return 0 })...)
	all = append(all, b.flatRows("joinery-sqlite", 4)...)
	return append(all, b.flatRows("hand-sqlite", 0)...)
}

// throughput are the measures of throughput.
func throughput() []measure {
	all := append([]measure{{getOne, dataset.Mid}}, perCaller(compared(), listNewest, listSorted)...)
	return append(all, measure{create, dataset.Mid}, measure{patch, dataset.Mid})
}

// ratioRows compare the throughput of two servers.
func (b *bench) ratioRows(over, under string, limit func(measure) float64) []row {
	var all []row
	for _, m := range throughput() {
		if s, ok := b.ratio(b.size, m, over, under, false); ok {
			l := limit(m)
			all = append(all, row{over + " / " + under + ": " + m.String(), asked("≥", l, ""), s.String(), atLeast(l, s)})
		}
	}
	return all
}

// overGorm is what is asked for over GORM. What few see is told only.
func (b *bench) overGorm(m measure) float64 {
	large := b.size >= 1_000_000
	switch {
	case m.what == getOne:
		return 1.6
	case m.what == create:
		return 1.5
	case m.what == patch:
		return 3
	case m.caller == dataset.Few || b.size < 100_000:
		return 0
	case m.what == listNewest && large:
		return 5
	case m.what == listNewest:
		return 2.5
	case m.what == listSorted && !large:
		return 6
	}
	return 0
}

func overPocket(m measure) float64 {
	return map[string]float64{getOne: 4, create: 3, patch: 4}[m.what]
}

// flatRows compare each caller's newest rows at this size with the small one.
func (b *bench) flatRows(server string, limit float64) []row {
	var all []row
	for _, c := range dataset.Callers() {
		m := measure{listNewest, c}
		values := load.Ratios(b.figures.column(key{b.size, server, m, true}, p50), b.figures.column(key{small, server, m, true}, p50))
		if b.size > small && len(values) > 0 {
			s := load.SpreadOf(values)
			all = append(all, row{fmt.Sprintf("%s, %s against %s: %s", server, sizeName(b.size), sizeName(small), m), asked("≤", limit, ""), s.String(), atMost(limit, s)})
		}
	}
	return all
}

// singleRows are the latencies of single requests.
func (b *bench) singleRows(server string) []row {
	var all []row
	for _, m := range perCaller(dataset.Callers(), listNewest, listCursor, listSorted) {
		limit := 10.0
		if m.what == listSorted {
			limit = 30
			if m.caller == dataset.Grants {
				limit = 60
			}
		}
		all = append(all, b.latencyRow(server, m, limit)...)
	}
	return all
}

// latencyRow is a latency, with that of hand beside it.
func (b *bench) latencyRow(server string, m measure, limit float64) []row {
	s, ok := b.latency(b.size, m, server)
	if !ok {
		return nil
	}
	text := s.Format(" ms")
	if by, ok := b.latency(b.size, m, "hand"); ok {
		text += "; by hand " + by.Format(" ms")
	}
	return []row{{fmt.Sprintf("%s, p50 of one request: %s", server, m), asked("≤", limit, " ms"), text, atMost(limit, s)}}
}

// deepRows compare the thousandth page with the first.
func (b *bench) deepRows(server string) []row {
	deep := b.figures.column(key{b.size, server, measure{listDeep, dataset.All}, true}, p50)
	first := b.figures.column(key{b.size, server, measure{listNewest, dataset.All}, true}, p50)
	values := load.Ratios(deep, first)
	if len(values) == 0 {
		return nil
	}
	s := load.SpreadOf(values)
	return []row{{server + ", page 1,000 against page 1 (all)", asked("≤", 1.5, ""), s.String(), atMost(1.5, s)}}
}

// taskRows are the second data set.
func (b *bench) taskRows(server string) []row {
	var all []row
	for _, c := range dataset.ProjectCallers() {
		limit := 10.0
		if c == dataset.AllProjects {
			limit = 0
		}
		all = append(all, b.latencyRow(server, measure{listTasks, c}, limit)...)
	}
	return all
}

// ownRows are what servers tell of themselves.
func (b *bench) ownRows() []row {
	var all []row
	for _, m := range []measure{{getOne, dataset.Mid}, {listNewest, dataset.Mid}, {create, dataset.Mid}, {patch, dataset.Mid}} {
		mine, ok := b.own[owned{"joinery", m, false}]
		hand, both := b.own[owned{"hand", m, false}]
		if !ok || !both {
			continue
		}
		limit := map[string]float64{getOne: 40, listNewest: 40 + 2*50}[m.what]
		all = append(all, row{"allocations above hand's: " + m.String(), asked("≤", limit, ""),
			fmt.Sprintf("%.0f (%.0f; by hand %.0f)", mine-hand, mine, hand), atMost(limit, load.Spread{Median: mine - hand})})
	}
	for _, m := range []measure{{getOne, dataset.Mid}, {listNewest, dataset.Mid}, {create, dataset.Mid}, {patch, dataset.Mid}} {
		if n, ok := b.own[owned{"joinery", m, true}]; ok {
			all = append(all, row{"statements, permissions included: " + m.String(), "1", fmt.Sprintf("%.2f", n), atMost(1, load.Spread{Median: n})})
		}
	}
	if len(all) > 0 {
		all = append(all, row{"building the statement", "≤ 2 µs, 5 allocations", "by the benchmarks of package crud: make bench-go", "—"})
	}
	return all
}

// table is the rows for a terminal or a Markdown page.
func (b *bench) table() string {
	var out strings.Builder
	out.WriteString("| measure at " + sizeName(b.size) + " notes | asked | measured, median (least–most) | met |\n|---|---|---|---|\n")
	for _, r := range b.rows() {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", r.what, r.asked, r.measured, r.met)
	}
	return out.String()
}
