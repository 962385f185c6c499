package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/ardanlabs/conf/v3"

	"github.com/joinery-go/joinery/logx"
)

const defaultAddr = "127.0.0.1:8080"

// config is what can be set from outside.
type config struct {
	conf.Version
	Addr     string    `conf:"env:DEMO_ADDR,flag:addr,default:127.0.0.1:8080,help:host and port to listen on; port 0 takes any that is free"`
	DB       string    `conf:"env:DEMO_DB,flag:db,mask,help:memory or sqlite:path or postgres://user:password@host/database or mysql:// likewise for MariaDB; without it a file in the cache folder"`
	LogLevel string    `conf:"env:LOG_LEVEL,flag:log-level,default:info,help:sql or debug or verbose or info or warn or error"`
	Args     conf.Args `conf:"help:none to serve; migrate up or down or redo or status or plan or resolve or diff for the tables alone"`

	level slog.Level
}

// readConfig reads the arguments and the environment of the process. Where
// help or the version is asked for, the error says so and text is the answer.
func readConfig() (cfg config, text string, err error) {
	cfg.Build, cfg.Desc = build(), "The demo server of Joinery."
	text, err = conf.ParseWithOptions("", &cfg, conf.WithStrictFlags())
	if err != nil {
		if text == "" {
			err = fmt.Errorf("%s; --help lists the flags", strings.TrimPrefix(err.Error(), "parsing config: "))
		}
		return cfg, text, err
	}
	return cfg, "", cfg.check()
}

// check fills in what is empty and refuses what cannot work.
func (c *config) check() error {
	if len(c.Args) > 0 && c.Args[0] != "migrate" {
		return fmt.Errorf("unexpected argument %q; --help lists the flags and the command", c.Args[0])
	}
	if c.Addr == "" {
		c.Addr = defaultAddr
	}
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("DEMO_ADDR or --addr: want host:port such as %s, got %q", defaultAddr, c.Addr)
	}
	level, err := logx.ParseLevel(c.LogLevel)
	if c.LogLevel != "" && err != nil {
		return fmt.Errorf("LOG_LEVEL or --log-level: want sql, debug, verbose, info, warn or error, got %q", c.LogLevel)
	}
	c.level = level
	return nil
}

// database is the URL of the database, and how to name it to a person. The
// folder of the default file is made.
func (c *config) database() (url, name string, err error) {
	switch kind, rest, _ := strings.Cut(c.DB, ":"); {
	case c.DB == "memory":
		return c.DB, "in memory, gone at the end", nil
	case kind == "sqlite":
		return c.DB, strings.TrimPrefix(rest, "//"), nil
	case kind == "postgres" || kind == "postgresql":
		return c.DB, "PostgreSQL", nil // its name may have a password in it
	case kind == "mysql" || kind == "mariadb":
		return c.DB, "MariaDB", nil
	case c.DB != "":
		return "", "", c.unknownDatabase()
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", errors.New("there is no cache folder for the database: name a database with DEMO_DB or --db")
	}
	folder := filepath.Join(cache, "joinery-demo")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", "", fmt.Errorf("cannot make the folder of the database: %w", err)
	}
	file := filepath.Join(folder, "demo.db")
	return "sqlite:" + file, file, nil
}

// unknownDatabase says what a database can be, and quotes only what looks like
// a file and so has no password in it.
func (c *config) unknownDatabase() error {
	const want = "DEMO_DB or --db: want memory, sqlite:path, postgres://user:password@host/database or mysql://user:password@host/database"
	if strings.ContainsAny(c.DB, ":@") {
		return errors.New(want)
	}
	return fmt.Errorf("%s; for a file write sqlite:%s", want, c.DB)
}

// build is the version of the module that the program was built from.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}
