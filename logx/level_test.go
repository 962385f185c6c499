package logx_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/logx"
	"github.com/matryer/is"
)

func TestLevelsStandInOrder(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	is.True(logx.LevelSQL < slog.LevelDebug)
	is.True(slog.LevelDebug < logx.LevelVerbose)
	is.True(logx.LevelVerbose < slog.LevelInfo)
}

func TestParseLevel(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]slog.Level{
		"sql": logx.LevelSQL, "debug": slog.LevelDebug, "Verbose": logx.LevelVerbose,
		"INFO": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	} {
		is := is.New(t)
		got, err := logx.ParseLevel(name)
		is.NoErr(err)
		is.Equal(got, want)
		again, err := logx.ParseLevel(logx.LevelName(got))
		is.NoErr(err)
		is.Equal(again, want) // what is shown can be read
	}
	for _, name := range []string{"", " info", "trace", "x\ny"} {
		is := is.New(t)
		_, err := logx.ParseLevel(name)
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), "sql, debug, verbose, info, warn or error"))
		is.True(!strings.Contains(err.Error(), "\n"))
	}
}

func TestLevelName(t *testing.T) {
	t.Parallel()
	for l, want := range map[slog.Level]string{
		-10: "SQL-2", logx.LevelSQL: "SQL", -5: "SQL+3", slog.LevelDebug: "DEBUG", -3: "DEBUG+1",
		logx.LevelVerbose: "VERBOSE", -1: "VERBOSE+1", slog.LevelInfo: "INFO", 2: "INFO+2", slog.LevelError: "ERROR",
	} {
		is.New(t).Equal(logx.LevelName(l), want)
	}
}

func TestNewHonorsAndShowsLevels(t *testing.T) {
	t.Parallel()
	for _, json := range []bool{false, true} {
		is := is.New(t)
		var out bytes.Buffer
		var level slog.LevelVar
		log := logx.New(&out, &logx.Options{Level: &level, JSON: json})
		ctx := context.Background()
		log.Log(ctx, logx.LevelVerbose, "hidden")
		is.Equal(out.Len(), 0)
		level.Set(logx.LevelVerbose)
		log.Debug("hidden")
		log.Log(ctx, logx.LevelVerbose, "shown", "level", slog.LevelWarn)
		level.Set(logx.LevelSQL)
		log.Log(ctx, logx.LevelSQL, "shown")
		is.True(!strings.Contains(out.String(), "hidden"))
		is.Equal(strings.Count(out.String(), "shown"), 2)
		is.True(strings.Contains(out.String(), map[bool]string{false: "level=VERBOSE", true: `"level":"VERBOSE"`}[json]))
		is.True(strings.Contains(out.String(), map[bool]string{false: "level=SQL", true: `"level":"SQL"`}[json]))
	}
}

func TestNewDefaults(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var out bytes.Buffer
	log := logx.New(&out, nil)
	log.Debug("hidden")
	log.Info("shown")
	is.True(strings.HasSuffix(out.String(), " level=INFO msg=shown\n"))
	is.True(!strings.Contains(out.String(), "source="))

	logx.New(&out, &logx.Options{AddSource: true}).Info("here")
	is.True(strings.Contains(out.String(), "level_test.go:")) // the line of the call, not of the package
	is.True(logx.New(nil, nil).Enabled(t.Context(), slog.LevelInfo))
}
