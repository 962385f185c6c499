// Package resttest tests the HTTP resources of an app from the outside: with
// requests in process, over net/http/httptest, and with the app's own OpenAPI
// document as the judge of every answer. It is for tests only, and knows a
// handler by what it answers: that may be a *rest.API, the same below a router
// of the app's own, or a proxy.
//
// # Requests
//
// An [API] sends requests to a handler as somebody, and an [Answer] says what
// was expected of what came back. A mismatch ends the test, with the whole
// exchange in its message:
//
//	api := resttest.New(t, handler, nil).As(resttest.Bearer("ada's token"))
//
//	var note Note
//	api.Post("/v1/notes", CreateNote{Title: "Ship it"}).Status(201).JSON(&note)
//	api.Get("/v1/notes/"+note.ID.String()).Status(200).Header("ETag", `"1"`)
//	api.Post("/v1/notes", CreateNote{}).Problem("invalid", "/title")
//
// # The document is a promise
//
// Each exchange is compared with the document that the handler serves at
// /openapi.json: a path, method or status that it does not name, another
// content type, a body that its schema refuses, and a request that was served
// although the document forbids it, are errors of the test. [Watch] and
// [Transport] do the same for tests that send their requests in other ways.
//
// # The whole battery
//
// [Run] tests a mounted resource in every way that package rest promises: its
// routes and statuses, versions by ETag, If-Match and If-None-Match, strict
// bodies, columns that nobody may write, batches that do all or nothing, pages
// in both directions, and that a row somebody may not see answers like one
// that does not exist, byte for byte:
//
//	func TestNotes(t *testing.T) {
//		resttest.Run(t, resttest.Case[Note, CreateNote, UpdateNote]{
//			New: func(t testing.TB) resttest.Resource[CreateNote, UpdateNote] {
//				return resttest.Resource[CreateNote, UpdateNote]{
//					API:      resttest.New(t, newApp(t), nil).As(resttest.Bearer("ada")),
//					Path:     "/v1/notes",
//					Create:   func(n int) CreateNote { return CreateNote{Title: fmt.Sprint("note ", n)} },
//					Update:   func(n int) UpdateNote { return UpdateNote{Title: query.Set(fmt.Sprint("changed ", n))} },
//					Stranger: resttest.Bearer("bob"),
//				}
//			},
//		})
//	}
//
// # Entities that refer to others
//
// Create makes what it refers to by requests of its own, as somebody who may.
// It is asked once for each n of a test, before rows are counted:
//
//	ada := resttest.New(t, newApp(t), nil).As(resttest.Bearer("ada"))
//	…
//	Create: func(n int) CreateNote {
//		var project Project
//		ada.Post("/v1/projects", CreateProject{Name: fmt.Sprint("project ", n)}).Status(201).JSON(&project)
//		return CreateNote{Title: fmt.Sprint("note ", n), ProjectID: project.ID}
//	},
//
// # Columns that no answer shows
//
// A PUT has to bring write-only columns that take no null. The battery sends
// them as the input of Update has them, else as that of Create does.
package resttest
