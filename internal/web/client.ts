// A program over the types that openapi-typescript makes of the demo's
// document. That it compiles under --strict shows that the document describes
// bodies, parameters and errors well enough for a typed client; check.mjs also
// runs it against the demo: node client.js http://127.0.0.1:8080 TOKEN
import createClient from 'openapi-fetch'
import type { components, operations, paths } from './api.js'

declare const process: { argv: string[] } // all of Node that is needed here

type Note = components['schemas']['Note']
type Problem = components['schemas']['Problem']

// assert narrows, so that what follows is checked with the type that it proves.
function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

// same compiles only where A and B are one type.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_: Same<A, B>): void {}

same<Note['status'], 'open' | 'done'>(true)
same<Note['priority'], number>(true)
same<Note['due_at'], string | null>(true) // no undefined: it is always answered
same<components['schemas']['UpdateNote']['title'], string | undefined>(true) // may be left out, not be null
same<NonNullable<operations['listNotes']['parameters']['query']>['limit'], number | undefined>(true)
same<paths['/v1/notes/{id}']['put']['parameters']['path'], { id: string }>(true)

const [baseUrl, token] = process.argv.slice(2)
assert(baseUrl && token, 'usage: node client.js URL TOKEN')
const api = createClient<paths>({
  baseUrl,
  headers: { Authorization: `Bearer ${token}` },
  querySerializer: { array: { style: 'form', explode: false } }, // as the document says; openapi-fetch does not read it
})

// isNote tells one row from the items of a batch, which the same route answers.
function isNote(answer: Note | { items: Note[] }): answer is Note {
  return 'id' in answer
}

const created = await api.POST('/v1/notes', { body: { title: 'Written in TypeScript', priority: 2, due_at: null } })
assert(created.data && isNote(created.data), `not created: ${JSON.stringify(created.error)}`)
const note = created.data

// @ts-expect-error A title is no number.
const _wrongType = () => api.POST('/v1/notes', { body: { title: 1, status: 'open' } })
// @ts-expect-error Nobody may write a version when creating.
const _unknownField = () => api.POST('/v1/notes', { body: { title: 'x', status: 'open', version: 1 } })
// @ts-expect-error There is no such status.
const _wrongEnum = () => api.PATCH('/v1/notes/{id}', { params: { path: { id: note.id } }, body: { status: 'lost' } })
// @ts-expect-error There is no such field to sort by.
const _wrongSort = () => api.GET('/v1/notes', { params: { query: { sort: 'body' } } })
// @ts-expect-error There is no such path.
const _wrongPath = () => api.GET('/v1/nothing')

const changed = await api.PATCH('/v1/notes/{id}', {
  params: { path: { id: note.id }, header: { 'If-Match': `"${note.version}"` } },
  body: { status: 'done' },
})
assert(changed.data?.status === 'done', `not changed: ${JSON.stringify(changed.error)}`)

const stale = await api.PATCH('/v1/notes/{id}', {
  params: { path: { id: note.id }, header: { 'If-Match': `"${note.version}"` } },
  body: { title: 'Too late' },
})
const problem: Problem | undefined = stale.error
assert(problem?.status === 412 && problem.version === changed.data.version, `not stale: ${JSON.stringify(stale)}`)

const page = await api.GET('/v1/notes', { params: { query: { 'title.contains': 'TypeScript', sort: '-priority', limit: 5, fields: ['id', 'title'] } } })
assert(page.data?.items.some((row) => row.id === note.id), `not listed: ${JSON.stringify(page)}`)

const found = await api.POST('/v1/notes/search', { body: { filter: { or: [{ status: { in: ['done'] } }, { priority: { gte: 5 } }] }, count: 'exact' } })
assert((found.data?.total ?? 0) > 0, `not found: ${JSON.stringify(found)}`)

const gone = await api.DELETE('/v1/notes/{id}', { params: { path: { id: note.id }, header: { 'If-Match': '*' } } })
assert(gone.response.status === 204, `not deleted: ${JSON.stringify(gone.error)}`)
console.log('The typed client created, changed, listed, found and deleted a note.')
