//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed keeper.sh
var keeperScript string

// nobody is the user and group that runs the server when root runs the tests.
const nobody = 65534

// throwaway is the folder of one server: the data, the socket, the log, the
// pipe that its users hold, and the file "open" while others may join.
type throwaway struct {
	engine
	dir  string
	pipe *os.File // the writing end; closing it lets the keeper act
}

// url names the database that every new server has.
func (s *throwaway) url() string { return s.engine.url(s.dir) }

// Close tells the keeper that this process needs the server no more.
func (s *throwaway) Close() error { return s.pipe.Close() }

// rootFolder returns the folder of all throwaway servers of the engine and
// this user. Its path is short, because a socket's path may have about 100
// bytes only.
func (e engine) rootFolder() (string, error) {
	temp := e.temp()
	if len(temp) > 60 {
		temp = "/tmp"
	}
	dir := filepath.Join(temp, "joinery-"+e.short+"-"+strconv.Itoa(os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || (owner != os.Getuid() && owner != serverUser()) {
		return "", fmt.Errorf("%s belongs to somebody else; remove it or set TMPDIR", dir)
	}
	return dir, giveToServer(dir)
}

// serverUser is the user id that runs the server.
func serverUser() int {
	if os.Getuid() == 0 {
		return nobody
	}
	return os.Getuid()
}

func giveToServer(path string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return os.Lchown(path, nobody, nobody)
}

// newFolder makes an empty folder for a server and its data in it.
func (e engine) newFolder(root string) (*throwaway, error) {
	return e.folderFilledBy(root, e.install)
}

// folderFilledBy makes a folder for a server whose data a program makes, given
// by its command line.
func (e engine) folderFilledBy(root string, program func(s *throwaway) []string) (*throwaway, error) {
	dir, err := os.MkdirTemp(root, "s")
	if err != nil {
		return nil, err
	}
	s := &throwaway{dir: dir, engine: e}
	if err := giveToServer(dir); err != nil {
		return nil, err
	}
	line := program(s)
	cmd := s.command(line)
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		err = fmt.Errorf("%s: %w\n%s", filepath.Base(line[0]), err, s.tail())
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

func (s *throwaway) data() string { return filepath.Join(s.dir, "data") }
func (s *throwaway) log() string  { return filepath.Join(s.dir, "log") }

// pidFile is where the server writes its process id.
func (s *throwaway) pidFile() string { return filepath.Join(s.data(), s.pidName) }

// serverLine is the command line of the server.
func (s *throwaway) serverLine(settings map[string]string) []string { return s.serve(s, settings) }

// alive is the pipe that every user of the server holds open.
func (s *throwaway) alive() string { return filepath.Join(s.dir, "alive") }

// open is the file that is there while further processes may join.
func (s *throwaway) open() string { return filepath.Join(s.dir, "open") }

// command prepares a program of the database by its command line. It inherits
// nothing from the test: no PG* variables, no output, and not the terminal's
// Ctrl-C, which would stop the server while tests still clean up.
func (s *throwaway) command(line []string) *exec.Cmd {
	return s.detached(exec.Command(line[0], line[1:]...))
}

func (s *throwaway) detached(cmd *exec.Cmd) *exec.Cmd {
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + s.bin + ":/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return cmd
}

// keep makes the pipe and starts the keeper, with the server's command line
// when the keeper is to run the server itself.
func (s *throwaway) keep(graceSeconds int, server ...string) error {
	reader, err := s.makePipe()
	if err != nil {
		return fmt.Errorf("make the pipe: %w", err)
	}
	defer reader.Close()
	log, err := s.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	script := filepath.Join(s.dir, "keeper.sh")
	if err := os.WriteFile(script, []byte(keeperScript), 0o644); err != nil {
		return err
	}
	args := append([]string{script, s.dir, strconv.Itoa(graceSeconds), s.pidFile()}, server...)
	keeper := s.detached(exec.Command("/bin/sh", args...))
	keeper.Dir = "/" // its own folder goes away under it
	keeper.Stdout, keeper.Stderr = log, log
	keeper.ExtraFiles = []*os.File{reader}
	if err := keeper.Start(); err != nil {
		return fmt.Errorf("start the keeper: %w", err)
	}
	return keeper.Process.Release()
}

// makePipe makes the pipe, keeps its writing end and returns its reading end.
// It gets its name only when it has a reader, since one without a reader is
// the sign of a dead keeper.
func (s *throwaway) makePipe() (reader *os.File, err error) {
	unnamed := filepath.Join(s.dir, "new")
	if err := syscall.Mkfifo(unnamed, 0o600); err != nil {
		return nil, err
	}
	if err := giveToServer(unnamed); err != nil {
		return nil, err
	}
	reader, err = os.OpenFile(unnamed, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	// Opening must not block, as there is no writer yet; reading has to.
	if err = syscall.SetNonblock(int(reader.Fd()), false); err == nil {
		s.pipe, err = os.OpenFile(unnamed, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	}
	if err == nil {
		err = os.Rename(unnamed, s.alive())
	}
	if err != nil {
		reader.Close()
		return nil, err
	}
	return reader, nil
}

func (s *throwaway) openLog() (*os.File, error) {
	return os.OpenFile(s.log(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
}

// hold joins a server that another process started, and reports whether that
// worked: it fails when the keeper is gone or about to stop the server.
func (s *throwaway) hold() bool {
	pipe, err := os.OpenFile(s.alive(), os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	_, err = pipe.WriteString("\n")
	// The order matters: the keeper removes "open" first and looks for writers
	// afterwards, so whoever still sees "open" here is waited for.
	if _, gone := os.Stat(s.open()); err != nil || gone != nil {
		pipe.Close()
		return false
	}
	s.pipe = pipe
	return true
}

// sweepFolders removes servers whose keeper died without doing its work, by a
// kill -9 or a reboot. A folder without a pipe may be one that is being made
// right now, so those get some minutes.
func (e engine) sweepFolders(root string) {
	dirs, _ := filepath.Glob(filepath.Join(root, "s*"))
	for _, dir := range dirs {
		pipe, err := os.OpenFile(filepath.Join(dir, "alive"), os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			pipe.Close()
			continue
		}
		info, statErr := os.Stat(dir)
		if errors.Is(err, syscall.ENXIO) || (statErr == nil && info.IsDir() && time.Since(info.ModTime()) > 5*time.Minute) {
			(&throwaway{engine: e, dir: dir}).killServer()
			_ = os.RemoveAll(dir)
		}
	}
}

// killServer ends the server if it runs. The pid file may be old and its number
// in use by something else, so the command line has to name the folder.
func (s *throwaway) killServer() {
	content, err := os.ReadFile(s.pidFile())
	if err != nil {
		return
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return
	}
	args, err := exec.Command("ps", "-o", "args=", "-p", first).Output()
	if err == nil && strings.Contains(string(args), s.dir) {
		_ = syscall.Kill(pid, syscall.SIGQUIT)
	}
}

// tail returns the last lines of the server's log, for error messages.
func (s *throwaway) tail() string {
	content, err := os.ReadFile(s.log())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}
