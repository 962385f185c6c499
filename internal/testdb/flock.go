//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package testdb

import (
	"fmt"
	"os"
	"syscall"
)

// lockFile waits for the lock on a file and takes it. Closing the file
// releases it, and so does the end of the process.
func lockFile(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(file, syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	return file, nil
}

// tryLock takes the lock on file unless somebody else has it.
func tryLock(file *os.File) bool {
	return flock(file, syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

func flock(file *os.File, how int) error {
	for {
		// A signal, such as the Go scheduler's own, may interrupt the wait.
		if err := syscall.Flock(int(file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}
