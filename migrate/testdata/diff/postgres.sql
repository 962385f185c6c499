-- COLUMN ADDED

ALTER TABLE "notes" ADD COLUMN "due" timestamptz(6);

-- and back

ALTER TABLE "notes" DROP COLUMN "due";

-- COLUMNS WITH DEFAULTS ADDED

ALTER TABLE "notes" ADD COLUMN "votes" bigint NOT NULL DEFAULT 7;

ALTER TABLE "notes" ADD COLUMN "since" timestamptz(6) NOT NULL DEFAULT '2026-01-02 03:04:05.000000+00';

ALTER TABLE "notes" ADD COLUMN "data" jsonb NOT NULL DEFAULT '{}';

-- and back

ALTER TABLE "notes" DROP COLUMN "data";

ALTER TABLE "notes" DROP COLUMN "since";

ALTER TABLE "notes" DROP COLUMN "votes";

-- COLUMN WITHOUT DEFAULT ADDED

-- Loses: column notes.author is not null and has no default for the rows that are there: add one, or add it as a pointer first
ALTER TABLE "notes" ADD COLUMN "author" uuid NOT NULL;

-- and back

ALTER TABLE "notes" DROP COLUMN "author";

-- COLUMN RENAMED

ALTER TABLE "notes" RENAME COLUMN "title" TO "heading";

CREATE INDEX "notes_heading_id_idx_4c435c8e" ON "notes" ("heading", "id");

-- and back

DROP INDEX "notes_heading_id_idx_4c435c8e";

ALTER TABLE "notes" RENAME COLUMN "heading" TO "title";

-- COLUMN DROPPED

-- Loses: column notes.title is dropped with its values
ALTER TABLE "notes" DROP COLUMN "title";

-- and back

ALTER TABLE "notes" ADD COLUMN "title" text COLLATE "C" NOT NULL;

-- COLUMN RETYPED

ALTER TABLE "notes" ALTER COLUMN "priority" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "priority" TYPE text COLLATE "C" USING "priority"::text;

ALTER TABLE "notes" ALTER COLUMN "priority" SET DEFAULT 'none';

-- and back

ALTER TABLE "notes" ALTER COLUMN "priority" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "priority" TYPE bigint USING "priority"::bigint;

ALTER TABLE "notes" ALTER COLUMN "priority" SET DEFAULT 3;

-- COLUMN WIDENED

ALTER TABLE "notes" ALTER COLUMN "price" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "price" TYPE numeric(12,3) USING "price"::numeric(12,3);

ALTER TABLE "notes" ALTER COLUMN "price" SET DEFAULT 0;

-- and back

ALTER TABLE "notes" ALTER COLUMN "price" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "price" TYPE numeric(8,2) USING "price"::numeric(8,2);

ALTER TABLE "notes" ALTER COLUMN "price" SET DEFAULT 0;

-- COLUMN NARROWED

-- Loses: column notes.title becomes bigint, which does not hold every text
ALTER TABLE "notes" ALTER COLUMN "title" TYPE bigint USING "title"::bigint;

-- and back

ALTER TABLE "notes" ALTER COLUMN "title" TYPE text COLLATE "C" USING "title"::text;

-- COLUMN MADE NOT NULL

ALTER TABLE "notes" ALTER COLUMN "body" SET DEFAULT 'none';

UPDATE "notes" SET "body" = 'none' WHERE "body" IS NULL;

ALTER TABLE "notes" ALTER COLUMN "body" SET NOT NULL;

-- and back

ALTER TABLE "notes" ALTER COLUMN "body" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "body" DROP NOT NULL;

-- COLUMN MADE NOT NULL WITHOUT DEFAULT

-- Loses: column notes.body becomes not null and has no default for the rows without a value
ALTER TABLE "notes" ALTER COLUMN "body" SET NOT NULL;

-- and back

ALTER TABLE "notes" ALTER COLUMN "body" DROP NOT NULL;

-- COLUMN MADE NULLABLE

ALTER TABLE "notes" ALTER COLUMN "priority" DROP NOT NULL;

-- and back

UPDATE "notes" SET "priority" = 3 WHERE "priority" IS NULL;

ALTER TABLE "notes" ALTER COLUMN "priority" SET NOT NULL;

-- DEFAULTS CHANGED

ALTER TABLE "notes" ALTER COLUMN "priority" SET DEFAULT 5;

ALTER TABLE "notes" ALTER COLUMN "status" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "body" SET DEFAULT 'it''s \ ''new''';

-- and back

ALTER TABLE "notes" ALTER COLUMN "body" DROP DEFAULT;

ALTER TABLE "notes" ALTER COLUMN "status" SET DEFAULT 'open'::text;

ALTER TABLE "notes" ALTER COLUMN "priority" SET DEFAULT 3;

-- UNIQUE KEY ADDED

CREATE UNIQUE INDEX "notes_title_key_e9c08cbd" ON "notes" ("title");

-- and back

DROP INDEX "notes_title_key_e9c08cbd";

-- UNIQUE KEY DROPPED

DROP INDEX "notes_title_key_e9c08cbd";

-- and back

CREATE UNIQUE INDEX notes_title_key_e9c08cbd ON notes USING btree (title);

-- INDEX ADDED

CREATE INDEX "notes_status_priority_desc_idx_201c9157" ON "notes" ("status", "priority" DESC);

CREATE INDEX "by_body" ON "notes" ("body" NULLS FIRST);

-- and back

DROP INDEX "by_body";

DROP INDEX "notes_status_priority_desc_idx_201c9157";

-- INDEX CHANGED

DROP INDEX "by_name";

CREATE INDEX "by_name" ON "notes" ("priority" DESC, "status");

-- and back

DROP INDEX "by_name";

CREATE INDEX by_name ON notes USING btree (status);

-- SORT ORDER DROPPED

DROP INDEX "notes_title_id_idx_98461e6e";

-- and back

CREATE INDEX notes_title_id_idx_98461e6e ON notes USING btree (title, id);

-- FOREIGN KEY ADDED

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id" NULLS FIRST, "id");

ALTER TABLE "notes" ADD CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE;

-- and back

ALTER TABLE "notes" DROP CONSTRAINT "notes_project_id_fkey";

DROP INDEX "notes_project_id_id_idx_e5b64971";

-- FOREIGN KEY CHANGED

ALTER TABLE "notes" DROP CONSTRAINT "notes_project_id_fkey";

ALTER TABLE "notes" ADD CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE SET NULL;

-- and back

ALTER TABLE "notes" DROP CONSTRAINT "notes_project_id_fkey";

ALTER TABLE "notes" ADD CONSTRAINT "notes_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;

-- FOREIGN KEY DROPPED

ALTER TABLE "comments" DROP CONSTRAINT "comments_note_id_fkey";

CREATE INDEX "comments_note_id_idx_0e86cd88" ON "comments" ("note_id");

DROP INDEX "comments_note_id_id_idx_e2d6ff2c";

-- and back

CREATE INDEX comments_note_id_id_idx_e2d6ff2c ON comments USING btree (note_id, id);

DROP INDEX "comments_note_id_idx_0e86cd88";

ALTER TABLE "comments" ADD CONSTRAINT "comments_note_id_fkey" FOREIGN KEY (note_id) REFERENCES notes(id) ON DELETE CASCADE;

-- ENUM VALUE ADDED

ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_7b5d3929";

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_6648f6e7" CHECK ("status" IN ('open', 'late', 'done'));

-- and back

ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_6648f6e7";

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_7b5d3929" CHECK (status = ANY (ARRAY['open'::text, 'done'::text]));

-- ENUM VALUE REMOVED

-- Loses: column notes.status no longer takes 'done'
ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_7b5d3929";

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_5d95144e" CHECK ("status" IN ('open'));

-- and back

ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_5d95144e";

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_7b5d3929" CHECK (status = ANY (ARRAY['open'::text, 'done'::text]));

-- TABLE ADDED

CREATE TABLE "labels" (
  "id" uuid NOT NULL,
  "text" text COLLATE "C" NOT NULL DEFAULT '''new''',
  "note_id" uuid,
  "next_id" uuid,
  CONSTRAINT "labels_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "labels_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE NO ACTION,
  CONSTRAINT "labels_next_id_fkey" FOREIGN KEY ("next_id") REFERENCES "labels" ("id") ON DELETE NO ACTION
);

COMMENT ON TABLE "labels" IS 'It''s \ one.';

CREATE INDEX "labels_note_id_id_idx_c57a6be8" ON "labels" ("note_id" NULLS FIRST, "id");

CREATE INDEX "labels_next_id_id_idx_430b28aa" ON "labels" ("next_id" NULLS FIRST, "id");

-- and back

DROP TABLE "labels";

-- TABLE DROPPED

-- Loses: table comments is dropped with its rows
ALTER TABLE "comments" DROP CONSTRAINT "comments_note_id_fkey";

DROP TABLE "comments";

-- and back

CREATE TABLE "comments" (
  "id" uuid NOT NULL,
  "note_id" uuid NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY (id)
);

CREATE INDEX comments_note_id_id_idx_e2d6ff2c ON comments USING btree (note_id, id);

ALTER TABLE "comments" ADD CONSTRAINT "comments_note_id_fkey" FOREIGN KEY (note_id) REFERENCES notes(id) ON DELETE CASCADE;

-- TABLE RENAMED

ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_7b5d3929";

ALTER TABLE "notes" RENAME TO "pages";

ALTER TABLE "pages" RENAME CONSTRAINT "notes_pkey" TO "pages_pkey";

ALTER TABLE "pages" ADD CONSTRAINT "pages_status_check_e880a6f2" CHECK ("status" IN ('open', 'done'));

COMMENT ON TABLE "pages" IS 'Pages.';

-- and back

COMMENT ON TABLE "pages" IS '';

ALTER TABLE "pages" DROP CONSTRAINT "pages_status_check_e880a6f2";

ALTER TABLE "pages" RENAME TO "notes";

ALTER TABLE "notes" RENAME CONSTRAINT "pages_pkey" TO "notes_pkey";

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_7b5d3929" CHECK (status = ANY (ARRAY['open'::text, 'done'::text]));

-- COMMENT CHANGED

COMMENT ON TABLE "notes" IS 'It''s \ new.';

-- and back

COMMENT ON TABLE "notes" IS 'Old.';

-- SOFT DELETE ADDED

ALTER TABLE "notes" ADD COLUMN "deleted_at" timestamptz(6);

ALTER TABLE "notes" ADD COLUMN "deleted_by_id" uuid;

CREATE INDEX "notes_title_id_idx_b8f6430b" ON "notes" ("title", "id") WHERE "deleted_at" IS NULL;

CREATE UNIQUE INDEX "notes_title_key_3edcd89b" ON "notes" ("title") WHERE "deleted_at" IS NULL;

-- and back

DROP INDEX "notes_title_key_3edcd89b";

DROP INDEX "notes_title_id_idx_b8f6430b";

ALTER TABLE "notes" DROP COLUMN "deleted_by_id";

ALTER TABLE "notes" DROP COLUMN "deleted_at";

-- EVERYTHING AT ONCE

ALTER TABLE "notes" DROP CONSTRAINT "notes_project_id_fkey";

ALTER TABLE "notes" DROP CONSTRAINT "notes_status_check_7b5d3929";

DROP INDEX "notes_body_idx_d490cc26";

DROP INDEX "notes_project_id_id_idx_e5b64971";

DROP INDEX "notes_title_id_idx_98461e6e";

ALTER TABLE "notes" RENAME TO "pages";

ALTER TABLE "pages" RENAME CONSTRAINT "notes_pkey" TO "pages_pkey";

ALTER TABLE "pages" RENAME COLUMN "title" TO "heading";

ALTER TABLE "pages" RENAME COLUMN "status" TO "state";

ALTER TABLE "pages" RENAME COLUMN "project_id" TO "under";

ALTER TABLE "pages" ALTER COLUMN "priority" DROP DEFAULT;

ALTER TABLE "pages" ALTER COLUMN "priority" TYPE text COLLATE "C" USING "priority"::text;

ALTER TABLE "pages" ALTER COLUMN "priority" SET DEFAULT '3';

ALTER TABLE "pages" ALTER COLUMN "state" SET DEFAULT 'late';

CREATE INDEX "pages_under_id_idx_ab7c7b08" ON "pages" ("under" NULLS FIRST, "id");

CREATE INDEX "pages_body_id_idx_4087c79a" ON "pages" ("body" NULLS FIRST, "id");

ALTER TABLE "pages" ADD CONSTRAINT "pages_state_check_b0434894" CHECK ("state" IN ('open', 'done', 'late'));

ALTER TABLE "pages" ADD CONSTRAINT "pages_under_fkey" FOREIGN KEY ("under") REFERENCES "projects" ("id") ON DELETE NO ACTION;

COMMENT ON TABLE "pages" IS 'Pages.';

-- and back

COMMENT ON TABLE "pages" IS '';

ALTER TABLE "pages" DROP CONSTRAINT "pages_under_fkey";

ALTER TABLE "pages" DROP CONSTRAINT "pages_state_check_b0434894";

DROP INDEX "pages_body_id_idx_4087c79a";

DROP INDEX "pages_under_id_idx_ab7c7b08";

ALTER TABLE "pages" ALTER COLUMN "state" SET DEFAULT 'open'::text;

ALTER TABLE "pages" ALTER COLUMN "priority" DROP DEFAULT;

ALTER TABLE "pages" ALTER COLUMN "priority" TYPE bigint USING "priority"::bigint;

ALTER TABLE "pages" ALTER COLUMN "priority" SET DEFAULT 3;

ALTER TABLE "pages" RENAME COLUMN "under" TO "project_id";

ALTER TABLE "pages" RENAME COLUMN "state" TO "status";

ALTER TABLE "pages" RENAME COLUMN "heading" TO "title";

ALTER TABLE "pages" RENAME TO "notes";

ALTER TABLE "notes" RENAME CONSTRAINT "pages_pkey" TO "notes_pkey";

CREATE INDEX notes_title_id_idx_98461e6e ON notes USING btree (title, id);

CREATE INDEX notes_project_id_id_idx_e5b64971 ON notes USING btree (project_id NULLS FIRST, id);

CREATE INDEX notes_body_idx_d490cc26 ON notes USING btree (body NULLS FIRST);

ALTER TABLE "notes" ADD CONSTRAINT "notes_status_check_7b5d3929" CHECK (status = ANY (ARRAY['open'::text, 'done'::text]));

ALTER TABLE "notes" ADD CONSTRAINT "notes_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id);

