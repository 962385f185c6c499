package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/serve"
)

// about says when, how, where and by what was measured: it stands above the
// table wherever that is printed, since a figure without it means nothing.
func (b *bench) about(ctx context.Context, pg *postgres, begin time.Time) string {
	var out strings.Builder
	fmt.Fprintf(&out, "- date: %s, in %.0f minutes\n", time.Now().UTC().Format("2006-01-02 15:04 MST"), time.Since(begin).Minutes())
	fmt.Fprintf(&out, "- command: `%s`\n", b.command())
	fmt.Fprintf(&out, "- machine: %d × %s, %s of memory, %s\n", runtime.NumCPU(), processor(), memory(), system())
	fmt.Fprintf(&out, "- %s, PostgreSQL %s, SQLite %s\n", runtime.Version(), pg.version(ctx), sqliteVersion(ctx))
	fmt.Fprintf(&out, "- %s\n", strings.Join(measured(), ", "))
	fmt.Fprintf(&out, "- %d users, %d teams; generator, servers and database share the machine\n", dataset.Users, len(dataset.New(1000).Teams)-1)
	if words := strings.Fields(line("/proc/loadavg", "")); len(words) > 2 {
		fmt.Fprintf(&out, "- load average at the end: %s\n", strings.Join(words[:3], " "))
	}
	return out.String()
}

// command is what was called: make bench with its variables, and behind it the
// flags that no variable sets.
func (b *bench) command() string {
	c := "make bench BENCH_SIZE=" + strings.ToLower(sizeName(b.size))
	if b.rounds != defaultRounds {
		c += fmt.Sprint(" BENCH_ROUNDS=", b.rounds)
	}
	if len(b.names()) < len(serve.Names()) {
		c += " BENCH_ONLY=" + strings.Join(b.names(), ",")
	}
	if b.postgres != "" {
		c += " BENCH_POSTGRES=" + withoutSecrets(b.postgres)
	}
	if b.workers != defaultWorkers || b.window != windowAt(b.size) {
		c += fmt.Sprintf(" (bench run -workers %d -window %v)", b.workers, b.window)
	}
	return c
}

// withoutSecrets is the server and database that a URL names.
func withoutSecrets(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "…"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// measured are the modules that servers are made of.
func measured() []string {
	var all []string
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/gin-gonic/gin", "gorm.io/gorm", "github.com/pocketbase/pocketbase", "modernc.org/sqlite", "github.com/jackc/pgx/v5":
			all = append(all, m.Path+" "+m.Version)
		}
	}
	return all
}

// processor is the name of the processor, as far as it is told.
func processor() string {
	return orUnknown(afterColon(line("/proc/cpuinfo", "model name")), runtime.GOARCH+" processor of unknown name")
}

// memory is how much the machine has.
func memory() string {
	var kib float64
	if _, err := fmt.Sscan(afterColon(line("/proc/meminfo", "MemTotal")), &kib); err != nil {
		return "an unknown amount"
	}
	return fmt.Sprintf("%.1f GiB", kib/(1<<20))
}

// system is the operating system, as far as it is told.
func system() string {
	_, name, _ := strings.Cut(line("/etc/os-release", "PRETTY_NAME="), "=")
	kernel := strings.TrimSpace(line("/proc/sys/kernel/osrelease", ""))
	return strings.TrimSpace(strings.Join([]string{strings.Trim(strings.TrimSpace(name), `"`), runtime.GOOS + "/" + runtime.GOARCH, kernel}, " "))
}

func sqliteVersion(ctx context.Context) string {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "unknown"
	}
	defer db.Close()
	version := "unknown"
	_ = db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	return version
}

// line is the first line of a file that begins so; empty where there is none.
func line(file, prefix string) string {
	text, _ := os.ReadFile(file)
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, prefix) {
			return l
		}
	}
	return ""
}

func afterColon(line string) string {
	_, value, _ := strings.Cut(line, ":")
	return strings.TrimSpace(value)
}

func orUnknown(value, unknown string) string {
	if value == "" {
		return unknown
	}
	return value
}
