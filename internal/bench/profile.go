package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
)

// profiled is how long a profile is taken, in seconds.
const profiled = 4

// takeProfiles keeps what pprof tells of each server while it answers one kind
// of request: where its time goes, and what it allocates.
func (b *bench) takeProfiles(ctx context.Context, w *world) error {
	if err := os.MkdirAll(b.profiles, 0o755); err != nil {
		return err
	}
	for _, p := range w.servers {
		for _, m := range []measure{{getOne, dataset.Mid}, {listNewest, dataset.Mid}, {patch, dataset.Mid}, {create, dataset.Mid}} {
			for kind, path := range map[string]string{"cpu": "/debug/pprof/profile", "allocs": "/debug/pprof/allocs"} {
				if err := b.takeProfile(w, p, m, kind, path); err != nil {
					return fmt.Errorf("%s, %s: %w", p.name, m, err)
				}
			}
		}
		if err := w.tidy(ctx); err != nil { // for the next server's lists
			return err
		}
	}
	return nil
}

func (b *bench) takeProfile(w *world, p *process, m measure, kind, path string) error {
	sources, err := w.sources(p, m, b.workers)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		_, err := load.Run(p.addr, sources, load.Options{Duration: (profiled + 1) * time.Second})
		done <- err
	}()
	body, err := load.Get(p.private, fmt.Sprintf("%s?seconds=%d", path, profiled), "")
	if failed := <-done; failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	name := filepath.Join(b.profiles, fmt.Sprintf("%s-%s-%s.pprof", p.name, strings.ReplaceAll(m.what, " ", ""), kind))
	progress("%s", name)
	return os.WriteFile(name, body, 0o644)
}
