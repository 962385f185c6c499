package migrate

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress tells a person how a run goes: one line for each migration that is
// done, and while one takes long, how it stands. On a terminal that is a line
// which is written anew each second; elsewhere, such as in a log, a line of its
// own at times. It is a writer for all else that is printed meanwhile.
type progress struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	every    time.Duration // between looks at what takes long
	now      Event
	began    time.Time // of now
	shown    bool      // there is a line to be written anew
}

const (
	terminalTick = time.Second
	logTick      = 30 * time.Second
)

func newProgress(out io.Writer) *progress {
	p := &progress{out: out, terminal: isTerminal(out), every: logTick}
	if p.terminal {
		p.every = terminalTick
	}
	return p
}

// isTerminal reports whether lines can be written anew there.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// start looks at what takes long until stop, which waits for it.
func (p *progress) start() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(p.every)
		defer ticker.Stop()
		for {
			select {
			case <-end:
				return
			case <-ticker.C:
				p.tick()
			}
		}
	}()
	return func() {
		close(end)
		<-ended
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clear()
	}
}

// Write implements io.Writer.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.out.Write(text)
}

func (p *progress) event(e Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Kind {
	case Started, Waiting:
		p.now, p.began = e, time.Now()
	case Running:
		p.now = e
	case Finished:
		p.clear()
		fmt.Fprintf(p.out, "%s done in %s\n", describe(e), round(e.Elapsed))
		p.now = Event{}
		return
	case Failed:
		p.now = Event{}
	}
	if p.terminal || e.Kind == Waiting {
		p.show()
	}
}

func (p *progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now.Kind != 0 {
		p.show()
	}
}

// show writes how things stand.
func (p *progress) show() {
	p.clear()
	if p.now.Kind == 0 {
		return
	}
	text := describe(p.now)
	if took := time.Since(p.began); took >= time.Second {
		text += " " + took.Round(time.Second).String()
	}
	fmt.Fprint(p.out, text)
	if p.terminal {
		p.shown = true
	} else {
		fmt.Fprintln(p.out)
	}
}

// clear takes the line that is written anew away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

func describe(e Event) string {
	if e.Kind == Waiting {
		return "waiting for another process, which migrates or holds a lock"
	}
	verb := "up"
	if e.Down {
		verb = "down"
	}
	text := fmt.Sprintf("[%d/%d] %s %s %s", e.Number, e.Total, verb, e.Source, title(e.Version, e.Name))
	if e.Kind == Running && e.Statements > 1 {
		text += fmt.Sprintf(" statement %d of %d", e.Statement, e.Statements)
	}
	return text
}
