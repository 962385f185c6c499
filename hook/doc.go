// Package hook gives any operation typed points before it, after it and after
// its commit.
//
// A [Point] is a value that the owner of an operation holds and runs, and to
// which others add functions. Its event type E is the owner's: what the
// operation was asked to do, and what came of it.
//
//	type PlaceOrder struct {
//		hook.Skipper[Receipt]
//		Order   Order
//		Receipt Receipt
//	}
//
//	var placing hook.Point[PlaceOrder] // the zero value is ready
//
//	placing.Before(func(ctx context.Context, e *PlaceOrder) error {
//		if e.Order.Total > limit {
//			return errTooMuch // a veto: the operation does not happen
//		}
//		e.Order.Note = strings.TrimSpace(e.Order.Note)
//		return nil
//	}, hook.Name("limit"), hook.Priority(10))
//
// # The three phases
//
// Before hooks may change the event and refuse the operation by returning an
// error. When the event embeds [Skipper] they may also answer in the
// operation's place, which ends the phase. After hooks may change the result
// and still refuse. Both belong to the operation: where it has a transaction
// they run inside it, and an error rolls it back.
//
// Committed hooks run once the outcome stands. They get the event by value and
// a context that the end of the request does not cancel, and cannot fail the
// operation: an error or a panic is logged and counted in [Point.Failures].
//
// Within a phase hooks run one after another in the caller's goroutine, lower
// [Priority] first, ties in the order of registration. A hook added or removed
// while a phase runs takes part from the next run on.
//
// # Time and panics
//
// Each hook gets a context that ends after [DefaultTimeout] (changed by
// [Point.Timeout], or by the option [Timeout] for one hook) and when the hook
// returns. A hook that ignores its context is waited for. It could only be left
// behind in a goroutine of its own, and that goroutine would go on using a
// transaction which its owner believes to be free; a stuck hook therefore holds
// its own request, and nothing else. Calls that honor the context, database
// statements and HTTP requests among them, end with it.
//
// A panic in a Before or After hook becomes a [*PanicError], whose text has
// neither the value nor the stack, so that it is safe wherever it is shown.
//
// # Running hooks
//
// An owner calls [Point.RunBefore], [Point.RunAfter] and [Point.RunCommitted]
// around its own work. [Wrap] does that for a plain function, and [Set] keeps
// the points of several operations by name, with one more for all of them.
// Without hooks a run costs a few nanoseconds and allocates nothing.
//
// # Sharing
//
// Points and sets are ready as zero values and safe for concurrent use. An event
// belongs to one call and is not.
package hook
