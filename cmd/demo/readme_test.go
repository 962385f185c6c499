package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// readmeBlocks are the fenced blocks of the README in a language.
func readmeBlocks(t *testing.T, language string) (blocks []string) {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(data), "\n```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// step is some commands and what they must print.
type step struct {
	commands string
	want     []string
}

// readmeTour is the commands of the README that talk to the demo.
func readmeTour(t *testing.T) (steps []step) {
	t.Helper()
	for _, block := range readmeBlocks(t, "sh") {
		talks := strings.Contains(block, "curl") || strings.Contains(block, "as $")
		if !talks || strings.Contains(block, "X-User") { // X-User: to the program of internal/quickstart
			continue
		}
		var now step
		for _, line := range strings.Split(block, "\n") {
			if want, ok := strings.CutPrefix(line, "#> "); ok {
				now.want = append(now.want, want)
				continue
			}
			if now.want != nil {
				steps, now = append(steps, now), step{}
			}
			now.commands += line + "\n"
		}
		steps = append(steps, now)
	}
	return steps
}

// The README's commands, run as they stand, print what the README says.
func TestReadmeTour(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the README's commands need %s, which is not in PATH", tool)
		}
	}
	onEach(t, func(t *testing.T, d *demo) {
		is := is.New(t)
		steps := readmeTour(t)
		is.True(len(steps) > 20)
		dir := t.TempDir()
		script := "set -eu\n"
		for i, s := range steps {
			script += fmt.Sprintf("{\n%s} >%s/%d\n", s.commands, dir, i)
		}
		cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
		cmd.Env = os.Environ()
		for name, value := range d.vars {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		var errOut bytes.Buffer
		cmd.Stderr = &errOut
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, errOut.String())
		}
		for i, s := range steps {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i)))
			is.NoErr(err)
			for _, want := range s.want {
				if !strings.Contains(string(got), want) {
					t.Errorf("%s\ngot  %s\nwant %s", s.commands, got, want)
				}
			}
		}
	})
}

// The README's Go code stands, line by line, in readme_code_test.go, which the
// compiler and the tests have seen.
func TestReadmeCodeCompiles(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	data, err := os.ReadFile("readme_code_test.go")
	is.NoErr(err)
	code := trimmed(string(data))
	blocks := readmeBlocks(t, "go")
	is.True(len(blocks) > 8)
	programs := 0
	for _, block := range blocks {
		if strings.HasPrefix(block, "package main") {
			programs++ // the two files of internal/quickstart, which has its own test
			continue
		}
		if !strings.Contains(code, trimmed(block)) {
			t.Errorf("this code of the README is not in readme_code_test.go:\n%s", block)
		}
	}
	is.Equal(programs, 2)
}

// trimmed is code without indentation and alignment.
func trimmed(code string) string {
	var b strings.Builder
	for _, line := range strings.Split(code, "\n") {
		b.WriteString("\n" + strings.Join(strings.Fields(line), " "))
	}
	return b.String() + "\n"
}
