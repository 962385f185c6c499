package logx_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/joinery-go/joinery/logx"
	"github.com/matryer/is"
)

// hostile are texts that forge lines or steer a terminal.
var hostile = []string{
	"x\nlevel=ERROR msg=forged", "x\r\nforged", "x\rforged", "\x1b[2Jcleared", "\x1b]0;title\a", "\u009b31mred",
	"\x9b31m raw", "a\u2028b\u2029c", "abc\u202egnp.exe", "\u200bnothing", "\x00\x7f\v\f\b", "\xff\xfe",
}

func TestNothingForgesALine(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		for _, s := range hostile {
			logEverywhere(t, log, s)
			assertPrintable(t, written(), 10)
		}
	})
}

// logEverywhere puts s into each place of a record: ten lines.
func logEverywhere(t *testing.T, log *slog.Logger, s string) {
	log.Info(s)
	log.Info("m", "x", s)
	log.Info("m", s, "x")
	log.Info("m", "x", errors.New(s))
	log.Info("m", "x", map[string]any{s: []string{s}})
	log.Info("m", "x", textual{s})
	log.Info("m", slog.Group(s, s, s))
	log.WithGroup(s).Info("m", "x", s)
	log.With(s, s).Info("m")
	log.InfoContext(logx.With(t.Context(), slog.String(s, s)), "m")
}

func assertPrintable(t *testing.T, out string, lines int) {
	t.Helper()
	is := is.New(t)
	is.Equal(strings.Count(out, "\n"), lines)
	is.True(utf8.ValidString(out))
	for _, r := range out {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("%U in %q", r, out)
		}
	}
}

func TestOrdinaryTextStays(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		for _, s := range []string{"naïve", "日本語", "🙂", "a'b"} {
			log.Info("m", "x", s)
			is.New(t).True(strings.Contains(written(), s))
		}
	})
}

func TestTheStandardFormatsLoseNothing(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		log.Info("m", "x", "two\nlines\t\x1b")
		out := written()
		is := is.New(t)
		switch {
		case strings.HasPrefix(out, "{"):
			is.True(strings.Contains(out, `"x":"two\nlines\t\u001b"`)) // encoded once
		case strings.HasPrefix(out, "time="):
			is.True(strings.Contains(out, `x="two\nlines\t\x1b"`))
		default:
			is.True(strings.Contains(out, `x=two\nlines`))
		}
	})
}

func FuzzLog(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s)
	}
	f.Add("a://b:c@d", "://:@")
	f.Add("password='\\", "?token==&=")
	f.Fuzz(func(t *testing.T, message, value string) {
		for _, kind := range kinds {
			var out bytes.Buffer
			newLogger(kind, &out, nil).Info(message, "x", value, "password", canary)
			is.New(t).Equal(strings.Count(out.String(), "\n"), 1)
			is.New(t).True(utf8.ValidString(out.String()))
			if !strings.Contains(message+value, "canary") {
				assertHidden(t, kind, out.String())
			}
		}
	})
}

func FuzzURLPassword(f *testing.F) {
	f.Add("user", "pass/word@x", "host:5432/db")
	f.Add("", "1234", "h")
	f.Fuzz(func(t *testing.T, user, password, rest string) {
		const ends = " \t\r\n\"'<>`"
		if strings.ContainsAny(user, ":/?#@["+ends) || strings.ContainsAny(password+rest, ends) || strings.Contains(password+"@"+rest, "://") {
			t.Skip("no URL of a database: the generator makes others too")
		}
		for _, kind := range kinds {
			var out bytes.Buffer
			newLogger(kind, &out, nil).Info("m", "x", "dial pg://"+user+":"+canary+password+"@"+rest+" failed")
			assertHidden(t, kind, out.String())
		}
	})
}
