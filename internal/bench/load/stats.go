package load

import (
	"fmt"
	"slices"
	"time"
)

// PerSecond is the throughput.
func (r Result) PerSecond() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(len(r.Latencies)) / r.Elapsed.Seconds()
}

// Percentile is the latency that p of 100 requests do not exceed; 0 without
// requests.
func (r Result) Percentile(p float64) time.Duration {
	if len(r.Latencies) == 0 {
		return 0
	}
	at := int(p / 100 * float64(len(r.Latencies)))
	return r.Latencies[min(at, len(r.Latencies)-1)]
}

// Spread is the median of a figure over the rounds, with the least and the
// greatest.
type Spread struct{ Median, Min, Max float64 }

// SpreadOf is that of the values; the zero Spread for none.
func SpreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	v := slices.Clone(values)
	slices.Sort(v)
	mid := v[len(v)/2]
	if len(v)%2 == 0 {
		mid = (mid + v[len(v)/2-1]) / 2
	}
	return Spread{mid, v[0], v[len(v)-1]}
}

// Ratios are a over b, round by round, as far as both were measured.
func Ratios(a, b []float64) []float64 {
	var all []float64
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			all = append(all, a[i]/b[i])
		}
	}
	return all
}

// String is the spread as "0.91 (0.88–0.93)".
func (s Spread) String() string { return s.Format("") }

// Format is String with a unit.
func (s Spread) Format(unit string) string {
	return fmt.Sprintf("%s%s (%s–%s)", digits(s.Median), unit, digits(s.Min), digits(s.Max))
}

// digits writes about three significant ones.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v > 0 && v < 0.1:
		return fmt.Sprintf("%.4f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Milliseconds is d in the unit of the table.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
