// Package rest serves managers as HTTP resources, with an OpenAPI 3.1 document
// that is exact to the code.
//
//	api := rest.New(router, &rest.Options{Title: "Notes", Auth: authenticate})
//	err := rest.Mount(api, "/v1/notes", notes, nil)
//	err = rest.Mount(api, "/v1/projects/:project_id/notes", notes, &rest.MountOptions{Parent: "project_id", ParentOf: projects})
//	err = rest.Handle(api, "POST", "/v1/notes/:id/publish", publish)
//	err = rest.Server(api, nil).Run(ctx)
//
// The router is the app's own *httprouter.Router, or nil. The API is an
// [http.Handler] and mounts under any mux. It needs no database and no
// particular manager: whatever has the methods of [Resource] can be mounted,
// [MountReader] takes a service that only reads, [MountOps] functions.
//
// # Routes
//
// A resource mounted at /v1/notes has these routes, as far as its service has
// the abilities:
//
//	GET    /v1/notes         list, by the query language of package query
//	POST   /v1/notes         create one (an object) or many (an array, all or nothing)
//	PATCH  /v1/notes         change many: {"items": [{"id", "version", …changes}]}
//	DELETE /v1/notes         delete many: {"items": [{"id", "version"}]}, or ?id=a&id=b with If-Match: *
//	POST   /v1/notes/search  list, with the query as a JSON document
//	GET    /v1/notes/:id     one, with include and fields
//	PATCH  /v1/notes/:id     change what the body names: absent, null and a value differ
//	PUT    /v1/notes/:id     the same, but what the body lacks becomes its default, null or empty;
//	                         a write-only column that takes none of them must be sent
//	DELETE /v1/notes/:id     delete one
//	POST   /v1/notes/:id/copy     create one like another: the body names what shall differ
//	POST   /v1/notes/:id/restore  take back a soft deletion
//	GET    /v1/notes/:id/access   {"can": ["view", "edit"]}; ?explain=edit, and &user=, the reasons
//
// HEAD answers wherever GET does, OPTIONS everywhere. Routes of the app's own,
// added with [Handle] and [HandleFunc], may stand beside :id; static segments go
// before parameters. httprouter itself refuses that, so it is given shapes of
// paths only: a route that an app registers on the router directly must not
// overlap with them, and is named in the error when it does.
//
// Paths are taken as they are spelled: a doubled or trailing slash, a dot
// segment or an encoded slash is another path, which does not exist.
//
// # Who may call
//
// Every route has an [AuthMode], by default Required. The middleware
// [Options].Auth finds out who calls and puts the actor into the context; that
// there is one is enforced here, so that nothing opens when the middleware
// errs.
//
// # Versions
//
// A row's ETag is its version: "3". Writes name the version they saw, by
// If-Match: "3" or by "version" in the body. A write without one is answered
// 428, one with an old version 412 with the current one, and If-Match: *
// overwrites whatever is there. If-Match may name several versions, of which
// the row must have one; a suffix -gzip and a weak tag mean the same version.
// GET answers 304 to If-None-Match, and 412 where If-Match names other versions
// only. With include a row has no ETag and there are no conditions, because its
// version does not cover what is included.
//
// # Writes that are sent twice
//
// A client that got no answer cannot know whether its write happened. With the
// header Idempotency-Key (1 to 255 visible characters of its choice, as a UUID)
// it may send a POST or PATCH again: what was done once is not done again, but
// answered as it was (status, Location, ETag and body, with the header
// Idempotency-Replayed: true). [Options].Idempotency keeps the answers, for 24
// hours; package crud/idemstore does it in the database that the managers write
// to, in the write's own transaction. Routes of the app's own take keys by
// [WithIdempotency].
//
// A key belongs to one caller, with its scope, and one route. The same key with
// another request (path, query, body or If-Match) is answered 422, and 409
// while the first is being worked on. A request that fails is undone and gives
// its key up, whatever its status: errors are not kept. The anonymous have no
// keys, because nobody could tell them apart. Who may call at all is asked each
// time; the answer that is repeated is the one of then, although the row or the
// caller's permissions may have changed. Where no answers are kept the header
// is refused as Unsupported (501), rather than ignored; and as Malformed (400)
// by PUT and DELETE, which have no need of it: what they do twice is done once,
// although a repetition may be answered 404 or 412. Reads pass over it, and so
// does [HandleFunc], whose handlers read their headers themselves.
//
// # Errors
//
// Every error is a [Problem] (RFC 9457) with a status by its kind, a stable
// code, and all fields at fault at once. Errors of kind Internal, and any that
// are no *joinery.Error, say nothing but their request id, which the log has
// too.
//
// # Middlewares
//
// In front of every route stand, from the outside in: [RequestID],
// [TrustedProxies], [AccessLog], [CORS], [Gzip], [Recover], the limits of URL
// and headers; then authentication and the rate limit. Requests that reach the
// router past the API go through the same ones. They can be used alone, on any
// handler.
//
// # Limits
//
// Bodies have at most 1 MiB and are 32 levels deep, batches 500 rows, lists 1,000
// a page and 50 by default, URLs 8 KiB, headers 16 KiB, and a request takes at
// most 30 seconds. [Options] changes those of bodies, batches and time. Bodies
// are strict: a field that is not known, is there twice or may not be written is
// Malformed.
//
// # The other end
//
// A [Client] has the methods of a manager and returns its errors, for Go programs
// that call a resource. Package resttest tests an app's resources.
//
// # What else is served
//
// /healthz and /readyz ([Health]), /openapi.json, /openapi.yaml, and at /docs
// Swagger UI, which needs nothing from the internet.
//
// # Sharing
//
// An [API] is made by [New] and filled by one goroutine; once it serves it is safe
// for concurrent use, as is a [Client].
package rest
