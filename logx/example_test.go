package logx_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/joinery-go/joinery/logx"
)

// noTime drops the time, which no example could expect.
func noTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// An app that has a handler of its own puts a Handler before it.
func Example() {
	own := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime})
	log := slog.New(logx.NewHandler(own, nil))

	ctx := logx.With(context.Background(), slog.String("request_id", "r-7"))
	log.InfoContext(ctx, "signed in", "user", "ann", "password", "hunter2")
	log.WithGroup("db").ErrorContext(ctx, "no connection", "error", errors.New("dial postgres://app:hunter2@db/shop: refused"))
	log.InfoContext(ctx, "searched", "q", "x\nlevel=ERROR msg=forged")
	// Output:
	// level=INFO msg="signed in" request_id=r-7 user=ann password=[REDACTED]
	// level=ERROR msg="no connection" request_id=r-7 db.error="dial postgres://app:[REDACTED]@db/shop: refused"
	// level=INFO msg=searched request_id=r-7 q="x\nlevel=ERROR msg=forged"
}

func ExampleNew() {
	var level slog.LevelVar
	level.Set(logx.LevelVerbose)
	log := logx.New(os.Stdout, &logx.Options{
		Level:   &level,
		Handler: logx.HandlerOptions{Redact: []string{"badge"}, Show: []string{"token_count"}},
	})
	// A record without a time is written without one.
	record := slog.NewRecord(time.Time{}, logx.LevelVerbose, "step done", 0)
	record.Add("badge_no", "B-17", "token_count", 3)
	if err := log.Handler().Handle(context.Background(), record); err != nil {
		fmt.Println(err)
	}
	// Output: level=VERBOSE msg="step done" badge_no=[REDACTED] token_count=3
}

func ExampleParseLevel() {
	level, err := logx.ParseLevel("verbose")
	fmt.Println(logx.LevelName(level), err)
	_, err = logx.ParseLevel("loud")
	fmt.Println(err)
	// Output:
	// VERBOSE <nil>
	// logx: unknown log level "loud": use sql, debug, verbose, info, warn or error
}

func ExampleSecret() {
	var config struct {
		Host     string
		Password logx.Secret
	}
	_ = json.Unmarshal([]byte(`{"Host": "db", "Password": "hunter2"}`), &config)
	fmt.Printf("%+v\n", config)
	written, _ := json.Marshal(config)
	fmt.Println(string(written))
	fmt.Println(config.Password.Reveal())
	// Output:
	// {Host:db Password:[REDACTED]}
	// {"Host":"db","Password":"[REDACTED]"}
	// hunter2
}

func ExampleWith() {
	log := slog.New(logx.NewHandler(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime}), nil))
	ctx := logx.With(context.Background(), slog.String("request_id", "r-7"), slog.String("actor", "none"))
	ctx = logx.With(ctx, slog.String("actor", "ann"))
	log.InfoContext(ctx, "hello")
	// Output: {"level":"INFO","msg":"hello","request_id":"r-7","actor":"ann"}
}

// What a context carries can go elsewhere too, into a trace for example.
func ExampleAttrs() {
	ctx := logx.With(context.Background(), slog.String("request_id", "r-7"), slog.Int("shop", 3))
	for _, a := range logx.Attrs(ctx) {
		fmt.Println(a.Key, a.Value)
	}
	// Output:
	// request_id r-7
	// shop 3
}
