package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/joinery-go/joinery/internal/bench/load"
	"github.com/joinery-go/joinery/internal/bench/serve"
)

// process is a running server.
type process struct {
	name    string
	addr    string // of the resource
	private string // of its figures and profiles
	cmd     *exec.Cmd
	stdin   io.Closer // its end ends the server
}

// startProcess runs this program once more, as a server.
func startProcess(name string, c serve.Config) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{name: name, cmd: exec.Command(self, "serve", name, "-postgres", c.Postgres, "-file", c.File)}
	p.cmd.Stderr = os.Stderr
	p.cmd.Env = append(os.Environ(), "BENCH_SERVE=1") // for the tests, whose program has another main
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanln(bufio.NewReader(out), &p.addr, &p.private); err != nil {
		p.stop()
		return nil, fmt.Errorf("the server %s does not start: %w", name, err)
	}
	return p, nil
}

func (p *process) stop() {
	_ = p.stdin.Close()
	_ = p.cmd.Wait() // it was told to end
}

// figures are what the server tells of itself now.
func (p *process) figures() (f serve.Figures, err error) {
	body, err := load.Get(p.private, "/figures", "")
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(body, &f)
}
