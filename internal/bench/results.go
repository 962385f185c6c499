package main

import (
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/internal/bench/load"
)

// results is the page that is kept: the table, and below it what each server
// did.
func (b *bench) results(about string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# What make bench last measured\n\nThis page is written by it.\n\n%s\n", about)
	fmt.Fprintf(&out, "Servers took turns in %d rounds; a ratio is the median over the rounds of one server's figure over another's in the same round, with the least and the greatest. "+
		"Throughput: %d connections, %v each. Latency: one request at a time, median. \"told\" is a figure of which nothing is asked.\n\n", b.rounds, b.workers, b.window)
	out.WriteString(b.table())
	out.WriteString(missed(b.rows()))
	out.WriteString("\n## Requests per second, and milliseconds at the median and at 99 of 100\n\n")
	out.WriteString(b.absolute(false, throughput(), b.names()))
	out.WriteString("\n## Single requests, milliseconds at the median and at 99 of 100\n\n")
	out.WriteString(b.absolute(true, b.singles(), []string{"joinery", "hand", "joinery-sqlite", "hand-sqlite"}))
	return out.String()
}

// absolute are the figures themselves.
func (b *bench) absolute(single bool, measures []measure, servers []string) string {
	var out strings.Builder
	out.WriteString("| measure |")
	for _, s := range servers {
		out.WriteString(" " + s + " |")
	}
	out.WriteString("\n|---|" + strings.Repeat("---|", len(servers)) + "\n")
	for _, m := range measures {
		out.WriteString("| " + m.String() + " |")
		for _, s := range servers {
			out.WriteString(" " + b.cell(key{b.size, s, m, single}) + " |")
		}
		out.WriteString("\n")
	}
	return out.String()
}

func (b *bench) cell(k key) string {
	if len(b.figures[k]) == 0 {
		return "—"
	}
	times := fmt.Sprintf("%.2f, %.2f", load.SpreadOf(b.figures.column(k, p50)).Median, load.SpreadOf(b.figures.column(k, p99)).Median)
	if k.single {
		return times
	}
	return fmt.Sprintf("%.0f/s; %s", load.SpreadOf(b.figures.column(k, perSecond)).Median, times)
}
