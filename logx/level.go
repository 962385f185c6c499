package logx

import (
	"fmt"
	"log/slog"
	"strings"
)

// The levels that slog lacks. From chatty to quiet: SQL, Debug, Verbose, Info,
// Warn, Error.
const (
	// LevelSQL is for each database statement.
	LevelSQL slog.Level = slog.LevelDebug - 4
	// LevelVerbose is for what an operator may want to follow without the
	// details of Debug.
	LevelVerbose slog.Level = slog.LevelDebug + 2
)

// ParseLevel reads sql, debug, verbose, info, warn or error, in any case. The
// error of anything else names these.
func ParseLevel(name string) (slog.Level, error) {
	switch strings.ToLower(name) {
	case "sql":
		return LevelSQL, nil
	case "debug":
		return slog.LevelDebug, nil
	case "verbose":
		return LevelVerbose, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("logx: unknown log level %q: use sql, debug, verbose, info, warn or error", name)
}

// LevelName gives the name that logs show: SQL, DEBUG, VERBOSE, INFO, WARN or
// ERROR, and the distance where a level lies between two of them ("SQL+1").
func LevelName(l slog.Level) string {
	switch {
	case l < slog.LevelDebug:
		return offset("SQL", l-LevelSQL)
	case l >= LevelVerbose && l < slog.LevelInfo:
		return offset("VERBOSE", l-LevelVerbose)
	}
	return l.String()
}

func offset(name string, by slog.Level) string {
	if by == 0 {
		return name
	}
	return fmt.Sprintf("%s%+d", name, int(by))
}
