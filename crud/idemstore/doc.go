// Package idemstore keeps idempotency keys in the database, so that a write
// that is sent twice happens once. Package rest uses it for the header
// Idempotency-Key; it serves any other way in just as well.
//
//	store, err := idemstore.New(reg, db, nil) // before reg.DDL, which makes its table
//	api := rest.New(router, &rest.Options{Idempotency: store})
//
// # How a key is worked on
//
// [Store.Do] first claims the key with a lease (60 seconds), in a statement of
// its own, so that others see it at once. Then it opens a transaction, runs the
// function in it, and stores the function's answer in the same transaction: the
// writes and the answer are committed together or not at all. From then on, for
// 24 hours, the key is answered with what was stored, and the function is not
// run.
//
// A process that dies before the commit leaves the claim behind and nothing
// else; when the lease is over, whoever comes with the key takes the claim over
// and runs the function. One that dies after the commit has stored the answer.
// A claim that was taken over cannot store its answer any more, so a process
// that was only slow is rolled back: nothing is ever written twice. The clocks
// of the instances decide only how soon that can happen, not what is written.
//
// # Errors
//
// An error of the function rolls everything back and gives the key up: nothing
// was written, so nothing is remembered, and the same key may be tried again,
// also with another request. A key in use by another caller is refused with
// kind Conflict, one that was used for another request with kind Invalid.
//
// # What it takes
//
// A write with a key costs two statements more: the claim and the answer. The
// table grows by a row per key and day; rows that have expired are removed by
// the calls of Do, a bounded number now and then, and by [Store.Clean] for
// those who have a schedule.
//
// # Sharing
//
// A [Store] is made by [New] and safe for concurrent use, by several processes
// on one database too.
package idemstore
