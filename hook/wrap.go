package hook

import "context"

// Call is the event of a wrapped function: what it was called with and what it
// gave. Before hooks may change In, or Skip with an outcome; After hooks see
// Out and may change it.
type Call[In, Out any] struct {
	Skipper[Out]
	In  In
	Out Out
}

// RunOption changes how [Wrap] and [Set.Run] run an operation.
type RunOption struct{ set func(*runConfig) }

type runConfig struct {
	onCommit func(ctx context.Context, run func(ctx context.Context))
}

// OnCommit hands the Committed hooks to a queue instead of running them when
// the After hooks passed: later is called with the operation's ctx and is to
// call run once, after the outermost commit, with a ctx that is in no
// transaction, or never when that is rolled back. Without a transaction in ctx
// it is to call run at once.
func OnCommit(later func(ctx context.Context, run func(ctx context.Context))) RunOption {
	return RunOption{func(c *runConfig) { c.onCommit = later }}
}

// queue runs the Committed hooks, or gives them to the option's queue.
func queue(ctx context.Context, opts []RunOption, run func(context.Context)) {
	var c runConfig
	for _, o := range opts {
		if o.set != nil {
			o.set(&c)
		}
	}
	if c.onCommit != nil {
		c.onCommit(ctx, run)
		return
	}
	run(ctx)
}

// Wrap gives fn the hooks of p: the function returned runs Before, then fn
// unless a hook skipped it, then After, and returns the event's Out. An error
// of any of them is returned with the zero Out. Without a transaction the
// operation counts as committed when After passed, and Committed hooks run
// before the function returns; [OnCommit] makes them wait for a commit.
func Wrap[In, Out any](p *Point[Call[In, Out]], fn func(ctx context.Context, in In) (Out, error), opts ...RunOption) func(ctx context.Context, in In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		if p == nil || p.hooks.now.Load().len() == 0 {
			return fn(ctx, in)
		}
		c := &Call[In, Out]{In: in}
		if err := runCall(ctx, p, c, fn); err != nil {
			var none Out
			return none, err
		}
		if p.HasCommitted() {
			event := *c
			queue(ctx, opts, func(ctx context.Context) { p.RunCommitted(ctx, event) })
		}
		return c.Out, nil
	}
}

// runCall is what may fail of a wrapped call.
func runCall[In, Out any](ctx context.Context, p *Point[Call[In, Out]], c *Call[In, Out], fn func(context.Context, In) (Out, error)) (err error) {
	if err := p.RunBefore(ctx, c); err != nil {
		return err
	}
	if result, skipped := c.Skipped(); skipped {
		c.Out = result
	} else if c.Out, err = fn(ctx, c.In); err != nil {
		return err
	}
	return p.RunAfter(ctx, c)
}
