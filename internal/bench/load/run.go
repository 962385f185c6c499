package load

import (
	"slices"
	"sync"
	"time"
)

// Source makes the requests of one worker. It is used by that worker alone.
type Source interface {
	// Next is the request to send, which must not change until it is answered.
	Next() []byte
	// Answered judges the answer; an error ends the run. It may not keep body.
	Answered(status int, body []byte) error
}

// Options say how long a run takes. It ends at Duration or after Requests of
// each worker, whatever comes first; a zero is no limit, of which one must be
// set.
type Options struct {
	Warmup   time.Duration // not counted
	Duration time.Duration
	Requests int
}

// Result is what a run took.
type Result struct {
	Elapsed   time.Duration
	Latencies []time.Duration // of each request, the shortest first
}

// Run has one worker for each source send requests to addr, and returns once
// all have ended. It returns the first error of any; the others run to their end.
func Run(addr string, sources []Source, o Options) (Result, error) {
	var r Result
	if o.Warmup > 0 {
		if _, err := run(addr, sources, Options{Duration: o.Warmup}); err != nil {
			return r, err
		}
	}
	return run(addr, sources, o)
}

func run(addr string, sources []Source, o Options) (Result, error) {
	var (
		mu    sync.Mutex
		total Result
		first error
		wg    sync.WaitGroup
	)
	begin := time.Now()
	for _, s := range sources {
		wg.Go(func() {
			latencies, err := work(addr, s, begin, o)
			mu.Lock()
			defer mu.Unlock()
			total.Latencies = append(total.Latencies, latencies...)
			if first == nil {
				first = err
			}
		})
	}
	wg.Wait()
	total.Elapsed = time.Since(begin)
	slices.Sort(total.Latencies)
	return total, first
}

// work is one worker's loop.
func work(addr string, s Source, begin time.Time, o Options) ([]time.Duration, error) {
	c, err := Dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	latencies := make([]time.Duration, 0, 1<<12)
	for before := time.Now(); ; {
		status, body, err := c.Do(s.Next())
		if err == nil {
			err = s.Answered(status, body)
		}
		if err != nil {
			return latencies, err
		}
		after := time.Now()
		latencies = append(latencies, after.Sub(before))
		if o.Duration > 0 && after.Sub(begin) >= o.Duration || o.Requests > 0 && len(latencies) >= o.Requests {
			return latencies, nil
		}
		before = after
	}
}
