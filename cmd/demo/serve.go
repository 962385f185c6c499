package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"syscall"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/logx"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/seed"
)

// serve opens everything, says on out where it is, logs to errOut, and serves
// until ctx ends and the requests in flight are answered.
func serve(ctx context.Context, cfg config, out, errOut io.Writer) error {
	log := logx.New(errOut, &logx.Options{Level: cfg.level})
	ln, err := listen(ctx, cfg.Addr)
	if err != nil {
		return err
	}
	defer ln.Close() // twice is harmless; it matters when nothing is served
	url, name, err := cfg.database()
	if err != nil {
		return err
	}
	db, err := anydb.Open(ctx, url, &sqldb.Options{Logger: log})
	if err != nil {
		return err
	}
	t := newTokens()
	api, sample, err := start(ctx, db, name, log, t)
	if err == nil {
		greet(out, ln.Addr(), name, sample, t)
		err = rest.Server(api, &rest.ServerOptions{Log: log}).RunOn(ctx, ln)
	}
	return errors.Join(err, db.Close())
}

// start makes what the API needs in the database, and the API. It tells what it
// did with the sample rows.
func start(ctx context.Context, db *sqldb.DB, name string, log *slog.Logger, t tokens) (*rest.API, *seed.Report, error) {
	a, err := newApp(db)
	if err != nil {
		return nil, nil, err
	}
	api, err := a.api(log, t)
	if err != nil {
		return nil, nil, err
	}
	if err := a.makeTables(ctx, name); err != nil {
		return nil, nil, err
	}
	sample, err := a.writeSample(ctx, log)
	if err != nil {
		return nil, nil, fmt.Errorf("write the sample rows: %w", err)
	}
	return api, sample, nil
}

// listen opens the port; that it is in use is worth a sentence of its own.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: name another address with DEMO_ADDR or --addr, such as 127.0.0.1:8081", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return ln, nil
}

// greet says where everything is, and who can be acted as.
func greet(out io.Writer, addr net.Addr, database string, sample *seed.Report, t tokens) {
	base := "http://" + reachable(addr)
	fmt.Fprintf(out, "Joinery demo\n\n")
	fmt.Fprintf(out, "  start page  %s/\n", base)
	fmt.Fprintf(out, "  API page    %s/docs\n", base)
	fmt.Fprintf(out, "  database    %s\n", database)
	fmt.Fprintf(out, "  sample rows %s\n\n", sample.Summary())
	fmt.Fprintf(out, "Copy these lines into another shell, then try what the start page or the README says:\n\n")
	fmt.Fprintf(out, "export API=%s\n", base)
	for _, a := range accounts() {
		fmt.Fprintf(out, "export %-4s %s_ID=%s # %s\n", a.name+"="+t.of(a), a.name, a.id, a.about)
	}
	fmt.Fprintf(out, "\nThe tokens hold until Ctrl-C.\n")
}

// reachable is an address that a browser on this machine can open.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
}
