package logx_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/logx"
	"github.com/matryer/is"
)

const canary = "canary-hunter2"

type config struct {
	Name  string
	Plain logx.Secret // the name says nothing
	Ref   *logx.Secret
	List  []logx.Secret
}

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	s := logx.Secret(canary)
	c := config{"n", s, &s, []logx.Secret{s}}
	for _, v := range []any{s, c.List, c, &c, []any{c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%30v", "%T|%v"} {
			args := []any{v}
			if strings.Count(verb, "%") == 2 {
				args = append(args, v)
			}
			assertHidden(t, verb, fmt.Sprintf(verb, args...))
		}
		assertHidden(t, "Sprint", fmt.Sprint(v))
		asJSON, err := json.Marshal(v)
		is.New(t).NoErr(err)
		assertHidden(t, "JSON", string(asJSON))
		for _, h := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var out bytes.Buffer
			slog.New(h(&out)).Info("m", "x", v, slog.Group("g", "y", v))
			assertHidden(t, "slog", out.String())
		}
	}
	asXML, err := xml.Marshal(c)
	is.New(t).NoErr(err)
	assertHidden(t, "XML", string(asXML))
	assertHidden(t, "error", fmt.Errorf("bad: %w", fmt.Errorf("key %s", s)).Error())
}

func TestSecretCanBeReadAndRevealed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var c config
	is.NoErr(json.Unmarshal([]byte(`{"Plain": "canary-hunter2"}`), &c))
	is.Equal(c.Plain.Reveal(), canary)
	is.Equal(fmt.Sprint(c.Plain), logx.Redacted)
	is.Equal(fmt.Sprint(logx.Secret("")), logx.Redacted) // also whether there is one
	is.Equal(fmt.Sprintf("%#v|%x", c.Plain, c.Plain), logx.Redacted+"|"+logx.Redacted)
}

func assertHidden(t *testing.T, what, out string) {
	t.Helper()
	hex := fmt.Sprintf("%x", canary)
	if strings.Contains(out, "canary") || strings.Contains(strings.ToLower(out), hex) {
		t.Errorf("%s shows it: %s", what, out)
	}
}
