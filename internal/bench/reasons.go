package main

import (
	"fmt"
	"strings"
)

// reason tells why the rows that begin in some way miss what is asked, as their
// profiles say, and what has been tried. It is by hand, and to be read anew
// when the figures move.
type reason struct {
	begins []string
	why    string
	tried  []string
}

var reasons = []reason{
	{
		begins: []string{"joinery / hand: list", "joinery / hand: filter"},
		why: "The statement by hand knows this one model; that of perm has parts for rules which this model does not use: rows of Template and System, rows without an owner whose creator sees them, " +
			"grants to a role and to a role within a team, roles above roles, the page back. PostgreSQL begins and ends a node of the plan for each part, asked or not: where few rows are found that is two thirds of its time (bind against execute in the log of log_min_duration_statement).",
		tried: []string{
			"grants of all targets looked up in one arm; one walk where there were three; three values as one node, and the gate before the arms once instead of in each (bind 180 to 145 µs)",
			"PostgreSQL told that a reach is small, for which it made hash tables of 40 times the size (a third of its time on one row)",
			"rows scanned straight into the result and written as JSON without maps: fewer allocations than by hand",
		},
	},
	{
		begins: []string{"joinery / hand: create", "joinery / hand: patch"},
		why:    "The statement does what that by hand does and holds what the row refers to besides, so that nobody deletes it meanwhile. The rest is Go: input decoded by declared rules and every field validated, hooks, an event, the row's values bound by column instead of by a written list of arguments (allocations above hand's, below).",
		tried: []string{
			"one context for a write instead of one a layer, values bound without boxes, validation without reflection: create from 144 to 111 allocations above hand's, patch from 125 to 68",
			"no transaction around a write that is one statement",
		},
	},
	{
		begins: []string{"joinery / hand: get"},
		why:    "Of one row little more than the request itself is left to compare, and joinery does more for each: a deadline, an id, negotiation of the answer's form, recovery from panics, hooks, the fields that are hidden.",
		tried: []string{
			"headers of known names set without canonical forms, request ids without formatting, contexts merged: from 63 to 38 allocations above hand's",
			"PostgreSQL told that a reach is small: 185 to 125 µs of its time",
		},
	},
	{
		begins: []string{"joinery / pocketbase: get", "joinery / pocketbase: patch"},
		why:    "PocketBase reads SQLite within its own process, joinery a server: two thirds of the processor time of a request are PostgreSQL's and the way there and back. Like with like is joinery-sqlite / pocketbase, in the rows told.",
		tried: []string{
			"the same as for joinery / hand: get",
			"the check in the statement that reads or writes the row, so that there is one way there and back",
		},
	},
	{
		begins: []string{"joinery / gorm: filter", "joinery / gorm: list"},
		why:    "For who sees a good part of all rows the obvious condition finds a page soon along the index of the order, and so does the walk: both read the same rows, and what is left is the cost of a request.",
		tried: []string{
			"what was tried for joinery / hand: list",
			"the arms without the walk, which take several times as long for this many teams",
		},
	},
}

// missed is a page about the rows that miss what is asked; empty for none.
func missed(rows []row) string {
	var out strings.Builder
	told := map[int]bool{}
	for _, r := range rows {
		if r.met != "NO" {
			continue
		}
		i := reasonOf(r.what)
		fmt.Fprintf(&out, "- %s: asked %s, measured %s", r.what, r.asked, r.measured)
		switch {
		case i < 0:
			out.WriteString(". Not explained yet.\n")
		case told[i]:
			out.WriteString(". As above.\n")
		default:
			told[i] = true
			fmt.Fprintf(&out, ". %s Tried: %s.\n", reasons[i].why, strings.Join(reasons[i].tried, "; "))
		}
	}
	if out.Len() == 0 {
		return ""
	}
	return "\n## What is missed, by how much and why\n\n" + out.String()
}

// reasonOf is the index of the reason for a row, -1 for none.
func reasonOf(what string) int {
	for i, r := range reasons {
		for _, begin := range r.begins {
			if strings.HasPrefix(what, begin) {
				return i
			}
		}
	}
	return -1
}
