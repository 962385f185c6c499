// Package logx adds to [log/slog] what a server needs of its log: two levels,
// attributes that travel in the context, and redaction.
//
// It brings no logger of its own. [New] makes a *[slog.Logger] that writes text
// or JSON; [NewHandler] puts the same abilities before a handler that an app
// already has.
//
//	log := logx.New(os.Stderr, &logx.Options{JSON: true, Level: logx.LevelVerbose})
//	ctx = logx.With(ctx, slog.String("request_id", id))
//	log.InfoContext(ctx, "order placed", "order", order.ID) // has request_id
//
// # Levels
//
// [LevelVerbose] stands between Debug and Info, for the steps of a long job
// that an operator may want to follow. [LevelSQL] stands below Debug, for each
// statement. [ParseLevel] reads a level from configuration, and a
// *[slog.LevelVar] changes it while the program runs.
//
// # Redaction
//
// Nothing that looks like a credential is written:
//
//   - a [Secret], wherever it is printed;
//   - the value of an attribute, map entry or struct field whose name speaks of
//     a password, secret, token, cookie or the like, in groups and in values of
//     any depth ([HandlerOptions] adds and exempts names);
//   - inside every text, the message included: the password of a URL
//     (scheme://user:password@host), a name=value pair with such a name as in
//     query strings and connection strings, what follows Bearer or Basic, a JSON
//     Web Token, the keys of Stripe and SendGrid.
//
// This is the second line of defense. The first is not to log what should not
// be read; a secret under an innocent name, in a sentence, is not recognized.
//
// # Injection
//
// Text that a client chose cannot start a new line or move the cursor of
// whoever reads the log: line breaks, terminal escapes, other control
// characters and those that turn the direction of text are written encoded, in
// both formats.
package logx
